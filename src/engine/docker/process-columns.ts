import type { Zone } from '../format/time.ts';
import type { ProcessRow } from '../process/host.ts';
import { EngineError } from '../errors.ts';

/** A column of `ps`: its title and what a process has in it. */
export interface ProcessColumn {
  readonly title: string;
  readonly value: (row: ProcessRow, now: number, zone: Zone) => string;
}

const DAY = 24 * 3600;

const PID: ProcessColumn = { title: 'PID', value: ({ pid }) => String(pid) };
const PPID: ProcessColumn = { title: 'PPID', value: ({ ppid }) => String(ppid) };
const TIME: ProcessColumn = { title: 'TIME', value: ({ cpu }) => clock(cpu) };
/** Nobody here asks the kernel for it; `ps` too has a dash for what it does not know. */
const UNKNOWN = { value: () => '-' };
const user = ({ uid }: ProcessRow): string => (uid === 0 ? 'root' : String(uid));
const line = ({ command }: ProcessRow): string => command;
const program = ({ command }: ProcessRow): string =>
  (command.split(' ')[0] ?? '').replace(/^.*\//, '').slice(0, 15);
const tty = (row: ProcessRow): string => row.tty;
const percent = (row: ProcessRow, now: number): number => {
  const seconds = Math.max(now / 1000 - row.started, 1);
  return (row.cpu / seconds) * 100;
};

/** What `ps -o` may name, as procps titles it. */
const BY_NAME: Readonly<Record<string, ProcessColumn>> = {
  pid: PID,
  tgid: { ...PID, title: 'TGID' },
  ppid: PPID,
  user: { title: 'USER', value: user },
  euser: { title: 'EUSER', value: user },
  uid: { title: 'UID', value: ({ uid }) => String(uid) },
  euid: { title: 'EUID', value: ({ uid }) => String(uid) },
  args: { title: 'COMMAND', value: line },
  command: { title: 'COMMAND', value: line },
  cmd: { title: 'CMD', value: line },
  comm: { title: 'COMMAND', value: program },
  ucmd: { title: 'CMD', value: program },
  ucomm: { title: 'COMMAND', value: program },
  etime: { title: 'ELAPSED', value: (row, now) => elapsed(now / 1000 - row.started) },
  etimes: {
    title: 'ELAPSED',
    value: (row, now) => String(Math.max(Math.floor(now / 1000 - row.started), 0)),
  },
  time: TIME,
  cputime: TIME,
  tty: { title: 'TT', value: tty },
  tt: { title: 'TT', value: tty },
  tname: { title: 'TTY', value: tty },
  stime: { title: 'STIME', value: startTime },
  start: { title: 'STARTED', value: (row, _, zone) => local(row.started, zone).slice(11, 19) },
  start_time: { title: 'START', value: startTime },
  pcpu: { title: '%CPU', value: (row, now) => percent(row, now).toFixed(1) },
  '%cpu': { title: '%CPU', value: (row, now) => percent(row, now).toFixed(1) },
  c: { title: 'C', value: (row, now) => String(Math.floor(percent(row, now))) },
  pmem: { title: '%MEM', ...UNKNOWN },
  '%mem': { title: '%MEM', ...UNKNOWN },
  rss: { title: 'RSS', ...UNKNOWN },
  vsz: { title: 'VSZ', ...UNKNOWN },
  stat: { title: 'STAT', ...UNKNOWN },
  s: { title: 'S', ...UNKNOWN },
  ni: { title: 'NI', ...UNKNOWN },
  nice: { title: 'NI', ...UNKNOWN },
};

const FULL = ['user', 'pid', 'ppid', 'c', 'stime', 'tname', 'time', 'cmd'];
const BSD = ['user', 'pid', '%cpu', '%mem', 'vsz', 'rss', 'tname', 'stat', 'start_time', 'time'];

/**
 * The columns that `ps OPTIONS` would show: those of `-ef` without options, of `aux`, or what `-o`
 * names. Errors: EngineError `ps-failed`, worded as Docker passes on what `ps` says.
 */
export function processColumns(options: readonly string[]): readonly ProcessColumn[] {
  const chosen: ProcessColumn[] = [];
  let columns = named(FULL).with(0, { title: 'UID', value: user });
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    if (option.startsWith('--')) throw failed('ps: error: unknown gnu long option');
    const format = /^-?[A-Za-z]*?o(.*)$/.exec(option)?.[1];
    if (format !== undefined && (option.startsWith('-') || /^[aex]*o/.test(option))) {
      chosen.push(...formats(format === '' ? (options[++at] ?? '') : format));
    } else if (/^[aux]+$/.test(option) && option.includes('u')) {
      columns = [...named(BSD), { title: 'COMMAND', value: line }];
    } else if (!/^-?[aAdefFlxw]+$/.test(option)) {
      throw failed('ps: error: unsupported option (BSD syntax)');
    }
  }
  const all = chosen.length > 0 ? chosen : columns;
  if (!all.some(({ title }) => title === 'PID')) {
    throw failed("Couldn't find PID field in ps output");
  }
  return all;
}

function formats(text: string): readonly ProcessColumn[] {
  if (text === '') throw failed('ps: error: format specification must follow -o');
  return text.split(/[, ]+/).flatMap((word): readonly ProcessColumn[] => {
    const [name = '', title] = word.split('=');
    const column = BY_NAME[name];
    if (!column) {
      throw failed(`ps: error: unknown user-defined format specifier ${JSON.stringify(name)}`);
    }
    return [title === undefined ? column : { ...column, title }];
  });
}

function named(names: readonly string[]): readonly ProcessColumn[] {
  return names.flatMap((name) => BY_NAME[name] ?? []);
}

function failed(message: string): EngineError {
  return new EngineError('ps-failed', message);
}

/** The hour of today, the day of another day. */
function startTime(row: ProcessRow, now: number, zone: Zone): string {
  const text = local(row.started, zone);
  if (now / 1000 - row.started < DAY) return text.slice(11, 16);
  const month = new Date(text).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
  return `${month}${text.slice(8, 10)}`;
}

/** `2026-11-21T08:04:50` on the reader's clock. */
function local(seconds: number, zone: Zone): string {
  const shifted = seconds + zone(seconds).minutes * 60;
  return new Date(shifted * 1000).toISOString().slice(0, 19);
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(':');
}

/** `16:38`, `02:16:38`, `3-02:16:38`. */
function elapsed(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  const days = Math.floor(whole / DAY);
  const text = clock(whole % DAY);
  if (days > 0) return `${days}-${text}`;
  return whole < 3600 ? text.slice(3) : text;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
