import { emitContainerEvent } from '../containers/container-event.ts';
import { elsewhereError } from '../containers/owner.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { liveContainer } from '../containers/running.ts';
import { isRunning } from '../containers/state.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { UTC } from '../format/time.ts';
import type { RunningContainer } from '../process/host.ts';
import type { CommandDefinition } from './command.ts';
import { processColumns } from './process-columns.ts';

/** Columns are as wide as this at least. */
const WIDTH = 20;
const GAP = 3;

export const topCommand: CommandDefinition = {
  name: 'top',
  aliases: ['container top', 'top'],
  usage: 'CONTAINER [ps OPTIONS]',
  summary: 'Display the running processes of a container',
  flags: [],
  flagsFirst: true,
  arguments: { min: 1 },
  examples: ['docker top web', 'docker top web -o pid,user,args'],
  async run({ engine, session, args }) {
    const [name = '', ...options] = args;
    const record = await findContainer(engine, name);
    const process = runningProcess(engine, record);
    const columns = processColumns(options);
    const processes = await process.processes();
    const now = engine.platform.now();
    const zone = session.zone ?? UTC;
    emitContainerEvent(engine, record, 'top');
    const lines = [
      columns.map(({ title }) => title),
      ...processes.map((row) => columns.map(({ value }) => value(row, now, zone))),
    ];
    session.stdout.write(aligned(lines));
    return 0;
  },
};

/** What runs of a container here. Errors: `container-not-running`, `container-elsewhere`. */
export function runningProcess(engine: Engine, record: ContainerRecord): RunningContainer {
  const process = liveContainer(engine, record.id)?.process;
  if (process) return process;
  if (record.state.status === 'restarting') {
    throw new EngineError(
      'container-not-running',
      `Container ${record.id} is restarting, wait until the container is running`,
    );
  }
  if (isRunning(record)) throw elsewhereError(record.name, 'look into');
  throw new EngineError('container-not-running', `container ${record.id} is not running`);
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(WIDTH, ...lines.map((line) => (line[column]?.length ?? 0) + GAP)),
  );
  return lines
    .map((line) => {
      const cells = line.map((cell, column) =>
        column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      );
      return `${cells.join('')}\n`;
    })
    .join('');
}
