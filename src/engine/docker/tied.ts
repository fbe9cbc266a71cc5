import { noInternet } from '../build/no-internet.ts';
import type { ContainerRecord } from '../containers/record.ts';
import type { LiveContainer } from '../containers/running.ts';
import { type AttachPoint, startContainer } from '../containers/start.ts';
import type { CommandContext } from './command.ts';
import {
  INTERRUPTED,
  type StreamOptions,
  type Streams,
  terminalSize,
  tieStreams,
} from './streams.ts';

/** What a command wants of a container's streams; the rest is the container's. */
export type TieOptions = Omit<StreamOptions, 'tty' | 'endsInput'>;

/**
 * Starts a container with the command's streams tied to it from the first byte on; when it runs
 * already, from now on. Resolves to its exit code, to 130 when the command was interrupted, and to
 * `detached` when the keys for that were typed. Errors: those of `startContainer`.
 */
export async function startTied(
  context: CommandContext,
  record: ContainerRecord,
  options: TieOptions,
): Promise<number | 'detached'> {
  const tie = tying(context, record, options);
  const internet = noInternet();
  try {
    const live = await startContainer(context.engine, record, {
      terminal: terminalSize(context.session),
      attach: tie.begin,
      lookup: internet.lookup,
    });
    const code = await tie.wait(live);
    const hint = code === 0 ? undefined : internet.hint();
    if (hint !== undefined && options.stderr) context.session.stderr.write(`${hint}\n`);
    return code;
  } finally {
    tie.end();
  }
}

/** As `startTied`, of a container that runs. */
export async function attachTied(
  context: CommandContext,
  record: ContainerRecord,
  live: LiveContainer,
  options: TieOptions,
): Promise<number | 'detached'> {
  const tie = tying(context, record, options);
  try {
    return await tie.wait(live);
  } finally {
    tie.end();
  }
}

function tying({ session }: CommandContext, { config }: ContainerRecord, options: TieOptions) {
  const { Tty: tty, StdinOnce } = config;
  let streams: Streams | undefined;
  let unlisten = (): void => undefined;
  const begin = ({ output, input }: AttachPoint): Streams => {
    const begun = tieStreams(session, input, { ...options, tty, endsInput: StdinOnce && !tty });
    streams = begun;
    unlisten = output.listen(begun.listener);
    return begun;
  };
  return {
    begin,
    async wait(live: LiveContainer): Promise<number | 'detached'> {
      const tied = streams ?? begin(live);
      tied.follow(() => live.process);
      const result = await Promise.race([live.exited, tied.left]);
      return result === 'interrupted' ? INTERRUPTED : result;
    },
    end(): void {
      unlisten();
      streams?.stop();
    },
  };
}
