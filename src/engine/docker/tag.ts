import { addName } from '../images/catalog.ts';
import { findImage } from '../images/find.ts';
import { emitImageEvent } from '../images/image-event.ts';
import { canonicalName } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { clientReference } from './references.ts';
import { usageError } from './usage-error.ts';

export const tagCommand: CommandDefinition = {
  name: 'tag',
  aliases: ['image tag', 'tag'],
  usage: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  summary: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  flags: [],
  arguments: { min: 2, max: 2 },
  examples: ['docker tag app:latest app:1.0', 'docker tag 5bad503eef46 registry.example/app:1.0'],
  async run({ engine, args }) {
    const [source = '', target = ''] = args;
    for (const text of [source, target]) {
      // An ID is no reference, but a source all the same.
      if (text === source && /^[0-9a-f]{64}$/.test(text)) continue;
      clientReference(
        text,
        (why) =>
          `Error parsing reference: ${JSON.stringify(text)} is not a valid repository/tag: ${why}`,
      );
    }
    const ref = clientReference(target);
    if (ref.digest) throw usageError('refusing to create a tag with a digest reference', 1);
    const image = await findImage(engine, source);
    await addName(engine, image, canonicalName(ref));
    emitImageEvent(engine, image, 'tag', canonicalName(ref));
    return 0;
  },
};
