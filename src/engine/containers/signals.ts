import { EngineError } from '../errors.ts';

/** Linux's on x86, which the machine is. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{ HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, IOT: 6, BUS: 7, FPE: 8, KILL: 9 },
  ...{ USR1: 10, SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15, STKFLT: 16, CHLD: 17 },
  ...{ CLD: 17, CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24, XFSZ: 25 },
  ...{ VTALRM: 26, PROF: 27, WINCH: 28, IO: 29, POLL: 29, PWR: 30, SYS: 31 },
};

export const SIGINT = 2;
export const SIGKILL = 9;
export const SIGTERM = 15;
export const SIGCHLD = 17;
const RTMIN = 34;
const RTMAX = 64;

/** The number of a signal by name (`SIGTERM`, `term`, `RTMIN+3`) or number. Errors: `signal-invalid`, as Docker words them. */
export function signalNumber(text: string): number {
  if (/^[+-]?\d+$/.test(text)) {
    const number = Number(text);
    if (number === 0) throw invalid(text);
    return number;
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  const [, from = '', step = '0'] = /^(RTMIN|RTMAX)(?:[+-](\d{1,2}))?$/.exec(name) ?? [];
  const number =
    from === '' ? NUMBERS[name] : from === 'RTMIN' ? RTMIN + Number(step) : RTMAX - Number(step);
  if (number === undefined || number > RTMAX || (from !== '' && number < RTMIN)) {
    throw invalid(text);
  }
  return number;
}

/** What `docker kill` may send: as `signalNumber`, and the kernel must have it. */
export function killSignal(text: string): number {
  const number = signalNumber(text);
  if (number > 0 && number <= RTMAX && number !== 32 && number !== 33) return number;
  throw new EngineError('signal-invalid', `the linux daemon does not support signal ${number}`);
}

function invalid(text: string): EngineError {
  return new EngineError('signal-invalid', `invalid signal: ${text}`, {
    hint: 'Write a name such as SIGTERM, or its number.',
  });
}
