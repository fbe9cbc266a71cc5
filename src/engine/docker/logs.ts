import { readLogs } from '../containers/logs.ts';
import { findContainer } from '../containers/registry.ts';
import { EngineError } from '../errors.ts';
import { parseUntil } from '../images/filter.ts';
import type { CommandDefinition, Flags } from './command.ts';
import { usageError } from './usage-error.ts';

export const logsCommand: CommandDefinition = {
  name: 'logs',
  aliases: ['container logs', 'logs'],
  usage: '[OPTIONS] CONTAINER',
  summary: 'Fetch the logs of a container',
  flags: [
    { name: 'details', kind: 'bool', help: 'Show extra details provided to logs' },
    { name: 'follow', short: 'f', kind: 'bool', help: 'Follow log output' },
    {
      name: 'since',
      kind: 'string',
      value: 'string',
      help: 'Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)',
    },
    {
      name: 'tail',
      short: 'n',
      kind: 'string',
      value: 'string',
      default: 'all',
      help: 'Number of lines to show from the end of the logs',
    },
    { name: 'timestamps', short: 't', kind: 'bool', help: 'Show timestamps' },
    {
      name: 'until',
      kind: 'string',
      value: 'string',
      help: 'Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)',
    },
  ],
  arguments: { min: 1, max: 1 },
  examples: ['docker logs web', 'docker logs -f --tail 20 web', 'docker logs -t --since 10m web'],
  async run({ engine, session, args, flags }) {
    const record = await findContainer(engine, args[0] ?? '');
    const now = engine.platform.now();
    const tail = tailOf(flags.string('tail') ?? 'all');
    const lines = readLogs(engine, record, {
      ...times(flags, now),
      ...(tail !== undefined && { tail }),
      follow: flags.bool('follow'),
      signal: session.signal,
    });
    const prefixed = flags.bool('timestamps');
    // Nothing here gives a log details; Docker prints the space behind them all the same.
    const details = flags.bool('details') ? ' ' : '';
    for await (const { log, stream, time } of lines) {
      // A terminal's output is one stream.
      const sink = stream === 'stderr' && !record.config.Tty ? session.stderr : session.stdout;
      sink.write(`${prefixed ? `${time} ` : ''}${details}${log}`);
      await sink.drain();
    }
    session.signal.throwIfAborted();
    return 0;
  },
};

/** As Docker's daemon reads it: what is no number means all. */
function tailOf(text: string): number | undefined {
  const count = /^[+-]?\d+$/.test(text) ? Number(text) : -1;
  return count < 0 ? undefined : count;
}

function times(flags: Flags, now: number): { readonly since?: number; readonly until?: number } {
  const since = flags.string('since') ?? '';
  const until = flags.string('until') ?? '';
  return {
    ...(since !== '' && { since: timeOf('since', since, now) }),
    ...(until !== '' && { until: timeOf('until', until, now) }),
  };
}

function timeOf(name: string, text: string, now: number): number {
  try {
    return parseUntil(text, now);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw usageError(`invalid value for ${JSON.stringify(name)}: ${error.message}`, 1);
  }
}
