import { entriesOfTree } from '../build/tree-entries.ts';
import { emitContainerEvent } from '../containers/container-event.ts';
import { findContainer } from '../containers/registry.ts';
import { containerView } from '../containers/roots.ts';
import { EngineError } from '../errors.ts';
import { layerTar } from '../layer/write.ts';
import type { CommandDefinition } from './command.ts';
import { usageError } from './usage-error.ts';

export const exportCommand: CommandDefinition = {
  name: 'export',
  aliases: ['container export', 'export'],
  usage: '[OPTIONS] CONTAINER',
  summary: "Export a container's filesystem as a tar archive",
  flags: [
    {
      name: 'output',
      short: 'o',
      kind: 'string',
      value: 'string',
      help: 'Write to a file, instead of STDOUT',
    },
  ],
  arguments: { min: 1, max: 1 },
  examples: ['docker export -o web.tar web', 'docker export web | tar tv'],
  async run({ engine, session, args, flags }) {
    const output = flags.string('output') ?? '';
    if (output === '' && session.stdout.columns !== undefined) {
      throw usageError('cowardly refusing to save to a terminal. Use the -o flag or redirect', 1);
    }
    const record = await findContainer(engine, args[0] ?? '');
    // Volumes and everything else that is mounted stay out, as in Docker.
    const bytes = layerTar(entriesOfTree(await containerView(engine, record)));
    emitContainerEvent(engine, record, 'export');
    if (output !== '') {
      try {
        await session.files.write(output, bytes);
      } catch (error) {
        if (!(error instanceof EngineError) || error.code !== 'output-missing-dir') throw error;
        throw usageError(`failed to export container: ${error.message}`, 1);
      }
      return 0;
    }
    for await (const chunk of bytes) {
      session.signal.throwIfAborted();
      session.stdout.write(chunk);
      await session.stdout.drain();
    }
    return 0;
  },
};
