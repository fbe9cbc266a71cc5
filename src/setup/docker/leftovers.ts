import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { tryTo } from './commands.ts';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The program's name, in parentheses, may hold anything; the parent is two fields after it.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // gone meanwhile
      }
    });
}

/** Processes with this text in their command line, and everything they started. */
export function processesOf(mark: string): readonly number[] {
  const all = processes();
  const found = new Set(all.filter(({ command }) => command.includes(mark)).map(({ pid }) => pid));
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/**
 * Asks the processes that carry this mark to end, those whose program is `first` before the others,
 * and kills what has not gone in time: 20 s for the first, 2 s for the rest.
 */
export async function endProcesses(mark: string, first: string): Promise<void> {
  const all = processesOf(mark);
  const leaders = processes().filter(
    ({ pid, command }) => all.includes(pid) && new RegExp(`(^|/)${first} `).test(command),
  );
  await end(
    leaders.map(({ pid }) => pid),
    20_000,
  );
  await end([...new Set([...all, ...processesOf(mark)])], 2000);
}

async function end(pids: readonly number[], patience: number): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGTERM');
  const until = Date.now() + patience;
  while (pids.some(isThere)) {
    if (Date.now() > until) {
      for (const pid of pids) signal(pid, 'SIGKILL');
      return;
    }
    await delay(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

function isThere(pid: number): boolean {
  return processes().some((one) => one.pid === pid);
}

/** Unmounts everything at or below these folders, the innermost first. */
export function unmountBelow(folders: readonly string[]): void {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((path) =>
      path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)));
  for (const point of points.toReversed()) {
    tryTo('umount', [point]);
    tryTo('umount', ['-l', point]);
  }
}
