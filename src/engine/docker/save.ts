import { EngineError } from '../errors.ts';
import type { Engine } from '../engine.ts';
import { listImages } from '../images/catalog.ts';
import { pickImage } from '../images/find.ts';
import { emitImageEvent } from '../images/image-event.ts';
import type { ImageRecord } from '../images/record.ts';
import { saveImages, type SavedImage } from '../images/save.ts';
import { canonicalName, canonicalRepository, parseReference } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { usageError } from './usage-error.ts';

export const saveCommand: CommandDefinition = {
  name: 'save',
  aliases: ['image save', 'save'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  flags: [
    {
      name: 'output',
      short: 'o',
      kind: 'string',
      value: 'string',
      help: 'Write to a file, instead of STDOUT',
    },
  ],
  arguments: { min: 1 },
  examples: ['docker save -o app.tar app:1.0', 'docker save app:1.0 | gzip > app.tar.gz'],
  // Nobody may collect the blobs that are being written out.
  stores: true,
  async run({ engine, session, args, flags }) {
    const output = flags.string('output') ?? '';
    if (output === '' && session.stdout.columns !== undefined) {
      throw usageError('cowardly refusing to save to a terminal. Use the -o flag or redirect', 1);
    }
    const images = await select(engine, args);
    const bytes = await saveImages(engine, images);
    for (const { record } of images) emitImageEvent(engine, record, 'save');
    if (output !== '') {
      try {
        await session.files.write(output, bytes);
      } catch (error) {
        if (!(error instanceof EngineError) || error.code !== 'output-missing-dir') throw error;
        throw usageError(`failed to save image: ${error.message}`, 1);
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

/** A repository without a tag means all its tags, as in Docker; an ID means the image without names. */
async function select(engine: Engine, args: readonly string[]): Promise<readonly SavedImage[]> {
  const images = await listImages(engine);
  const chosen = new Map<string, { record: ImageRecord; names: Set<string> }>();
  const choose = (record: ImageRecord, names: readonly string[]): void => {
    const before = chosen.get(record.id) ?? { record, names: new Set<string>() };
    for (const name of names) before.names.add(name);
    chosen.set(record.id, before);
  };
  for (const text of args) {
    const repository = wholeRepository(images, text);
    for (const { record, names } of repository) choose(record, names);
    if (repository.length > 0) continue;
    const record = pick(images, text);
    choose(record, isName(record, text) ? [canonicalName(parseReference(text))] : []);
  }
  return [...chosen.values()].map(({ record, names }) => ({ record, names: [...names] }));
}

function wholeRepository(images: readonly ImageRecord[], text: string): readonly SavedImage[] {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return [];
  const ref = parseReference(text);
  if (ref.tag !== undefined || ref.digest) return [];
  const prefix = `${canonicalRepository(ref)}:`;
  return images.flatMap((record) => {
    const names = record.names.filter((name) => name.startsWith(prefix));
    return names.length === 0 ? [] : [{ record, names }];
  });
}

function isName(record: ImageRecord, text: string): boolean {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(text)) return false;
  return record.names.includes(canonicalName(parseReference(text)));
}

function pick(images: readonly ImageRecord[], text: string): ImageRecord {
  try {
    return pickImage(images, text);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'image-unknown') throw error;
    // Docker words this one in its own way.
    const message = /[:@]/.test(text) ? 'reference does not exist' : `No such image: ${text}`;
    throw new EngineError(error.code, message);
  }
}
