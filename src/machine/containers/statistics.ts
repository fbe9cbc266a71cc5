import type { ContainerUsage, ProcessRow } from '../../engine/process/host.ts';

/** Major number of the terminals below /dev/pts. */
const PTS = 136;

/** What `keeper ps` prints. */
export function parseProcesses(text: string): readonly ProcessRow[] {
  const [head = '', ...lines] = text.split('\n');
  const [, boot = 0, ticks = 100] = head.split(' ').map(Number);
  return lines.flatMap((line) => {
    const found = /^(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (.*)$/.exec(line);
    if (!found) return [];
    const [pid = 0, ppid = 0, uid = 0, cpu = 0, started = 0, tty = 0] = found
      .slice(1, 7)
      .map(Number);
    return [
      {
        ...{ pid, ppid, uid },
        cpu: cpu / ticks,
        started: boot + started / ticks,
        tty: ttyName(tty),
        command: found[7] ?? '',
      },
    ];
  });
}

function ttyName(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (device === 0) return '?';
  return major === PTS ? `pts/${minor}` : `${major}:${minor}`;
}

/** What `keeper usage` prints. */
export function parseUsage(text: string): ContainerUsage {
  const values = new Map(
    text.split('\n').map((line) => {
      const [key = '', value] = line.split(' ');
      return [key, Number(value)] as const;
    }),
  );
  const number = (key: string): number => values.get(key) ?? 0;
  return {
    cpu: number('cpu'),
    memory: number('memory'),
    memoryLimit: number('limit'),
    pids: number('pids'),
  };
}
