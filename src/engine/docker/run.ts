import { startContainer } from '../containers/start.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { EngineError } from '../errors.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { RUN_FLAGS } from './container-flags.ts';
import { attached } from './container-request.ts';
import { createFromFlags } from './create-container.ts';
import { parseDetachKeys } from './detach-keys.ts';
import { printRunError } from './run-error.ts';
import { checkTerminal } from './streams.ts';
import { startTied } from './tied.ts';
import { usageError } from './usage-error.ts';

/** What the daemon's own failures make of `docker run`. */
const DAEMON = 125;

export const runCommand: CommandDefinition = {
  name: 'run',
  aliases: ['container run', 'run'],
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  summary: 'Create and run a new container from an image',
  flags: RUN_FLAGS,
  flagsFirst: true,
  arguments: { min: 1 },
  examples: [
    'docker run --rm gcr.io/distroless/static:debug sh -c "ls -l /"',
    'docker run -d --name app -v data:/data app:1.0',
    'docker run --rm -it --pid container:app --network container:app busybox',
  ],
  async run(context) {
    const { session, flags } = context;
    const isDetached = flags.bool('detach');
    const streams = attached(flags);
    if (isDetached && flags.given('attach')) throw usageError('Conflicting options: -a and -d', 1);
    checkTerminal(session, { tty: flags.bool('tty'), stdin: streams.AttachStdin });
    const detachKeys = parseDetachKeys(flags.string('detach-keys'));
    let record: ContainerRecord;
    try {
      record = await createFromFlags(context);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      printRunError(error, session, { command: 'run', asksForHelp: true });
      return DAEMON;
    }
    const showsId = !streams.AttachStdout && !streams.AttachStderr;
    try {
      return await runToEnd(context, record, detachKeys);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      printRunError(error, session, { command: 'run', asksForHelp: false });
      return error.code === 'container-start' ? error.exitCode : DAEMON;
    } finally {
      if (showsId) session.stdout.write(`${record.id}\n`);
    }
  },
};

async function runToEnd(
  context: CommandContext,
  record: ContainerRecord,
  detachKeys: readonly number[],
): Promise<number> {
  const { AttachStdin: stdin, AttachStdout: stdout, AttachStderr: stderr } = record.config;
  if (!stdin && !stdout && !stderr) {
    await startContainer(context.engine, record);
    return 0;
  }
  const signals = context.flags.bool('sig-proxy');
  const code = await startTied(context, record, { stdin, stdout, stderr, detachKeys, signals });
  return code === 'detached' ? 0 : code;
}
