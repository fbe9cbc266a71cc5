import { EngineError } from '../errors.ts';
import { emitImageEvent } from '../images/image-event.ts';
import { loadImages } from '../images/load.ts';
import { familiarName, parseReference } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { usageError } from './usage-error.ts';

export const loadCommand: CommandDefinition = {
  name: 'load',
  aliases: ['image load', 'load'],
  usage: '[OPTIONS]',
  summary: 'Load an image from a tar archive or STDIN',
  flags: [
    {
      name: 'input',
      short: 'i',
      kind: 'string',
      value: 'string',
      help: 'Read from tar archive file, instead of STDIN',
    },
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Suppress the load output' },
  ],
  arguments: { min: 0, max: 0 },
  examples: ['docker load -i app.tar', 'docker load < app.tar.gz'],
  async run({ engine, session, flags }) {
    const input = flags.string('input') ?? '';
    const file = input === '' ? undefined : await session.files.open(input);
    if (input !== '' && !file) throw usageError(`open ${input}: no such file or directory`, 1);
    if (!file && session.stdinIsTerminal === true) {
      throw usageError('requested load from stdin, but stdin is empty', 1);
    }
    const stream = file ? file.stream() : session.stdin;
    const loaded = await loadImages(engine, stream, session.signal).catch((error: unknown) => {
      // The archive is the client's in Docker too, but the daemon reads it: no prefix there.
      if (error instanceof EngineError && error.code === 'diff-id-mismatch') {
        throw usageError(error.message, 1);
      }
      throw error;
    });
    for (const { record, names } of loaded) {
      emitImageEvent(engine, record, 'load');
      for (const name of names) {
        session.stdout.write(`Loaded image: ${familiarName(parseReference(name))}\n`);
      }
      if (names.length === 0) session.stdout.write(`Loaded image ID: ${record.id}\n`);
    }
    return 0;
  },
};
