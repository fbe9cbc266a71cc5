import { readLogs, type ReadLogs } from '../containers/logs.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { liveContainer } from '../containers/running.ts';
import type { Project } from './compose-project.ts';
import type { Session } from './session.ts';

/** What a container is called before its lines: without the project. */
export function shortName(
  { name: project }: Pick<Project, 'name'>,
  { name }: ContainerRecord,
): string {
  return name.startsWith(`${project}-`) ? name.slice(project.length + 1) : name;
}

/** What containers print, each line behind its container's name. Resolves when all have ended, or there is no more. */
export async function showLogs(
  session: Session,
  project: Pick<Project, 'name'>,
  records: readonly ContainerRecord[],
  options: ReadLogs & {
    readonly timestamps?: boolean;
    readonly noPrefix?: boolean;
    /** A container has printed its last line. */
    readonly onEnd?: (record: ContainerRecord, name: string) => Promise<void>;
  },
): Promise<void> {
  const names = records.map((record) => shortName(project, record));
  const width = Math.max(0, ...names.map(({ length }) => length));
  const show = async (record: ContainerRecord, index: number): Promise<void> => {
    const name = names[index] ?? '';
    const prefix = options.noPrefix === true ? '' : `${name.padEnd(width)}  | `;
    // One that has ended since has stored the rest of what it printed.
    const isLive = liveContainer(session.engine, record.id) !== undefined;
    const now = isLive ? record : await findContainer(session.engine, record.id);
    for await (const { log, time } of readLogs(session.engine, now, options)) {
      const line = log.endsWith('\n') ? log : `${log}\n`;
      session.stdout.write(`${prefix}${options.timestamps === true ? `${time} ` : ''}${line}`);
      await session.stdout.drain();
    }
    await options.onEnd?.(record, name);
  };
  if (options.follow === true) await Promise.all(records.map(show));
  else for (const [index, record] of records.entries()) await show(record, index);
}
