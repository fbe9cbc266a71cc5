import { EngineError } from '../errors.ts';

const NAMES: ReadonlySet<string> = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT ' +
    'STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** STOPSIGNAL keeps the word as written; this only refuses what Docker refuses (`signal-invalid`). */
export function checkSignal(word: string): void {
  if (/^[+-]?\d+$/.test(word)) {
    if (Number(word) !== 0) return;
  } else {
    const name = word.toUpperCase().replace(/^SIG/, '');
    if (NAMES.has(name)) return;
    const [, base = '', offset = ''] = /^(RTMIN\+|RTMAX-)(\d{1,2})$/.exec(name) ?? [];
    const highest = base === 'RTMIN+' ? 15 : 14;
    if (base !== '' && Number(offset) >= 1 && Number(offset) <= highest) return;
  }
  throw new EngineError('signal-invalid', `invalid signal: ${word}`, {
    hint: 'Write a name such as SIGTERM, or its number.',
  });
}
