import type { ContainerRecord } from '../containers/record.ts';
import { listContainers, pickContainer } from '../containers/registry.ts';
import { liveContainer } from '../containers/running.ts';
import { isRunning } from '../containers/state.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { binarySize } from '../format/size.ts';
import { formatListing, type Listing, type Row } from '../format/listing.ts';
import type { ContainerUsage } from '../process/host.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { LIST_FORMAT } from './common-flags.ts';

const LISTING: Listing = {
  type: '*container.statsContext',
  titles: {
    Container: 'CONTAINER',
    Name: 'NAME',
    ID: 'CONTAINER ID',
    CPUPerc: 'CPU %',
    MemUsage: 'MEM USAGE / LIMIT',
    MemPerc: 'MEM %',
    NetIO: 'NET I/O',
    BlockIO: 'BLOCK I/O',
    PIDs: 'PIDS',
  },
  table:
    '{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}',
};

/** Between two looks at how much CPU was used, and between two tables. */
const INTERVAL_MS = 1000;
/** Empties the screen and goes to its corner. */
const CLEAR = '\x1b[2J\x1b[H';

export const statsCommand: CommandDefinition = {
  name: 'stats',
  aliases: ['container stats', 'stats'],
  usage: '[OPTIONS] [CONTAINER...]',
  summary: 'Display a live stream of container(s) resource usage statistics',
  flags: [
    {
      name: 'all',
      short: 'a',
      kind: 'bool',
      help: 'Show all containers (default shows just running)',
    },
    LIST_FORMAT,
    {
      name: 'no-stream',
      kind: 'bool',
      help: 'Disable streaming stats and only pull the first result',
    },
    { name: 'no-trunc', kind: 'bool', help: 'Do not truncate output' },
  ],
  arguments: { min: 0 },
  examples: ['docker stats', 'docker stats --no-stream web'],
  async run(context) {
    const { engine, session, flags } = context;
    const once = flags.bool('no-stream');
    const format = flags.string('format');
    // A mistake in the template or in a name is told before anything is waited for.
    formatListing(LISTING, [], { format });
    let before = new Map<string, Sample>();
    for (let first = true; ; first = false) {
      const chosen = await selected(context);
      const after = await samples(engine, chosen);
      if (!first) {
        const rows = chosen.map((record) => row(record, before, after, context));
        session.stdout.write(`${once ? '' : CLEAR}${formatListing(LISTING, rows, { format })}`);
        await session.stdout.drain();
        if (once || (context.args.length > 0 && !chosen.some(isRunning))) return 0;
      }
      before = after;
      await pause(INTERVAL_MS, session.signal);
      session.signal.throwIfAborted();
    }
  },
};

interface Sample {
  readonly usage: ContainerUsage;
  /** Milliseconds. */
  readonly at: number;
}

async function selected({
  engine,
  args,
  flags,
}: CommandContext): Promise<readonly ContainerRecord[]> {
  const all = await listContainers(engine);
  if (args.length > 0) return args.map((name) => pickContainer(all, name));
  return all.filter((record) => flags.bool('all') || isRunning(record));
}

/** Of those that run here; the others use nothing that this engine could know. */
async function samples(
  engine: Engine,
  records: readonly ContainerRecord[],
): Promise<Map<string, Sample>> {
  const found = new Map<string, Sample>();
  await Promise.all(
    records.map(async ({ id }) => {
      const process = liveContainer(engine, id)?.process;
      if (!process) return;
      try {
        found.set(id, { usage: await process.usage(), at: engine.platform.now() });
      } catch (error) {
        // It may have ended meanwhile.
        if (!(error instanceof EngineError)) throw error;
      }
    }),
  );
  return found;
}

function row(
  record: ContainerRecord,
  earlier: ReadonlyMap<string, Sample>,
  later: ReadonlyMap<string, Sample>,
  { args, flags }: CommandContext,
): Row {
  const before = earlier.get(record.id);
  const after = later.get(record.id);
  const { memory, memoryLimit, pids } = after?.usage ?? NOTHING;
  const id = flags.bool('no-trunc') ? record.id : record.id.slice(0, 12);
  const typed = args.find((name) => record.name === name || record.id.startsWith(name));
  return {
    BlockIO: () => '0B / 0B',
    CPUPerc: () => `${cpuPercent(before, after).toFixed(2)}%`,
    Container: () => typed ?? id,
    ID: () => id,
    MemPerc: () => `${(memoryLimit === 0 ? 0 : (memory / memoryLimit) * 100).toFixed(2)}%`,
    MemUsage: () => `${binarySize(memory)} / ${binarySize(memoryLimit)}`,
    Name: () => record.name,
    NetIO: () => '0B / 0B',
    PIDs: () => String(pids),
  };
}

const NOTHING: ContainerUsage = { cpu: 0, memory: 0, memoryLimit: 0, pids: 0 };

/** Nanoseconds of CPU in milliseconds of time; 0 without two samples. */
function cpuPercent(before: Sample | undefined, after: Sample | undefined): number {
  if (!before || !after || after.at <= before.at) return 0;
  const used = Math.max(after.usage.cpu - before.usage.cpu, 0);
  return (used / ((after.at - before.at) * 1e6)) * 100;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
