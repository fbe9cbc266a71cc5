import { execProcess, type ExecRequest, execTarget } from '../containers/exec.ts';
import { inputPipe } from '../containers/input-pipe.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { EngineError } from '../errors.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { DETACH_KEYS } from './container-flags.ts';
import { parseDetachKeys } from './detach-keys.ts';
import { envProblem } from './flag-problems.ts';
import { readEnv } from './key-values.ts';
import { checkTerminal, INTERRUPTED, terminalSize, tieStreams } from './streams.ts';
import { usageError } from './usage-error.ts';

/** Docker's client for all that the daemon tells it on the process's own stream. */
const NOT_STARTED = 126;

export const execCommand: CommandDefinition = {
  name: 'exec',
  aliases: ['container exec', 'exec'],
  usage: '[OPTIONS] CONTAINER COMMAND [ARG...]',
  summary: 'Execute a command in a running container',
  flags: [
    {
      name: 'detach',
      short: 'd',
      kind: 'bool',
      help: 'Detached mode: run command in the background',
    },
    DETACH_KEYS,
    {
      ...{ name: 'env', short: 'e', kind: 'list', value: 'list', check: envProblem },
      help: 'Set environment variables',
    },
    {
      ...{ name: 'env-file', kind: 'list', value: 'list' },
      help: 'Read in a file of environment variables',
    },
    {
      name: 'interactive',
      short: 'i',
      kind: 'bool',
      help: 'Keep STDIN open even if not attached',
    },
    { name: 'privileged', kind: 'bool', help: 'Give extended privileges to the command' },
    { name: 'tty', short: 't', kind: 'bool', help: 'Allocate a pseudo-TTY' },
    {
      ...{ name: 'user', short: 'u', kind: 'string', value: 'string' },
      help: 'Username or UID (format: "<name|uid>[:<group|gid>]")',
    },
    {
      ...{ name: 'workdir', short: 'w', kind: 'string', value: 'string' },
      help: 'Working directory inside the container',
    },
  ],
  flagsFirst: true,
  arguments: { min: 2 },
  examples: [
    'docker exec -it app sh',
    'docker exec app /usr/bin/python3 -c "import os; print(os.listdir())"',
  ],
  async run(context) {
    const { engine, session, args, flags } = context;
    const [name = '', ...argv] = args;
    const request = await execRequest(context, argv);
    const record = await findContainer(engine, name);
    execTarget(engine, record);
    const isDetached = flags.bool('detach');
    const stdin = flags.bool('interactive') && !isDetached;
    checkTerminal(session, { tty: flags.bool('tty'), stdin });
    const detachKeys = parseDetachKeys(flags.string('detach-keys'));
    if (isDetached) {
      await execDetached(context, record, request);
      return 0;
    }
    return execTied(context, record, request, { stdin, detachKeys });
  },
};

async function execRequest(
  { session, flags }: CommandContext,
  argv: readonly string[],
): Promise<ExecRequest> {
  const user = flags.string('user');
  const cwd = flags.string('workdir');
  return {
    argv,
    env: await envOf(session, flags),
    ...(user !== undefined && { user }),
    ...(cwd !== undefined && { cwd }),
    privileged: flags.bool('privileged'),
    ...(flags.bool('tty') && { terminal: terminalSize(session) }),
  };
}

/** Here Docker's client ends with 1 for a file that is wrong. */
async function envOf(
  session: CommandContext['session'],
  flags: CommandContext['flags'],
): Promise<readonly string[]> {
  try {
    return await readEnv(session, flags);
  } catch (error) {
    if (error instanceof EngineError) throw usageError(error.message, 1);
    throw error;
  }
}

async function execDetached(
  { engine }: CommandContext,
  record: ContainerRecord,
  request: ExecRequest,
): Promise<void> {
  const drop = (): void => undefined;
  try {
    await execProcess(engine, record, request, { stdout: drop, stderr: drop });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { code, message } = error;
    throw new EngineError(code, message, { exitCode: 1, cause: error });
  }
}

async function execTied(
  { engine, session }: CommandContext,
  record: ContainerRecord,
  request: ExecRequest,
  { stdin, detachKeys }: { readonly stdin: boolean; readonly detachKeys: readonly number[] },
): Promise<number> {
  const tty = request.terminal !== undefined;
  const input = stdin ? inputPipe() : undefined;
  const streams = tieStreams(session, input, {
    ...{ tty, stdin, stdout: true, stderr: true, detachKeys },
    ...{ endsInput: true, signals: false },
  });
  try {
    const process = await execProcess(engine, record, request, {
      ...streams.listener,
      ...(input && { stdin: input.stream() }),
    });
    streams.follow(() => process);
    const result = await Promise.race([process.exit, streams.left]);
    if (result === 'interrupted') return INTERRUPTED;
    if (result !== 'detached') return result.code;
    session.stderr.write('read escape sequence\n');
    return 1;
  } catch (error) {
    const isTold = ['exec-start', 'user-unknown', 'group-unknown'];
    if (!(error instanceof EngineError) || !isTold.includes(error.code)) throw error;
    // The daemon has no other way to say it by now than the process's output.
    session.stdout.write(`${error.message}\r\n`);
    if (error.hint !== undefined) session.stderr.write(`${error.hint}\n`);
    return NOT_STARTED;
  } finally {
    streams.stop();
  }
}
