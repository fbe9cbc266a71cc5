import { ownLive } from '../containers/control.ts';
import { emitContainerEvent } from '../containers/container-event.ts';
import { findContainer } from '../containers/registry.ts';
import type { ContainerRecord } from '../containers/record.ts';
import type { CommandDefinition } from './command.ts';
import { DETACH_KEYS } from './container-flags.ts';
import { parseDetachKeys } from './detach-keys.ts';
import { checkTerminal } from './streams.ts';
import { attachTied } from './tied.ts';
import { usageError } from './usage-error.ts';

export const attachCommand: CommandDefinition = {
  name: 'attach',
  aliases: ['container attach', 'attach'],
  usage: '[OPTIONS] CONTAINER',
  summary: 'Attach local standard input, output, and error streams to a running container',
  flags: [
    DETACH_KEYS,
    { name: 'no-stdin', kind: 'bool', help: 'Do not attach STDIN' },
    {
      name: 'sig-proxy',
      kind: 'bool',
      default: 'true',
      help: 'Proxy all received signals to the process',
    },
  ],
  arguments: { min: 1, max: 1 },
  examples: ['docker attach app'],
  async run(context) {
    const { engine, session, args, flags } = context;
    const record = await findContainer(engine, args[0] ?? '');
    checkRunning(record);
    const { Tty, OpenStdin } = record.config;
    const stdin = OpenStdin && !flags.bool('no-stdin');
    checkTerminal(session, { tty: Tty, stdin });
    const detachKeys = parseDetachKeys(flags.string('detach-keys'));
    const live = ownLive(engine, record, 'attach to');
    emitContainerEvent(engine, record, 'attach');
    const signals = flags.bool('sig-proxy') && !Tty;
    const streams = { stdin, stdout: true, stderr: true, detachKeys, signals };
    const code = await attachTied(context, record, live, streams);
    if (code !== 'detached') return code;
    session.stderr.write('read escape sequence\n');
    return 1;
  },
};

function checkRunning({ state }: ContainerRecord): void {
  switch (state.status) {
    case 'running':
      return;
    case 'paused':
      throw usageError('You cannot attach to a paused container, unpause it first', 1);
    case 'restarting':
      throw usageError('You cannot attach to a restarting container, wait until it is running', 1);
    default:
      throw usageError('You cannot attach to a stopped container, start it first', 1);
  }
}
