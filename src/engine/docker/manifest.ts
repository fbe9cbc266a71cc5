import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { findImage } from '../images/find.ts';
import { readDocument } from '../images/open.ts';
import type { Descriptor, OciPlatform } from '../oci/image.ts';
import { MEDIA } from '../oci/media-types.ts';
import { canonicalName, type ImageRef } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { clientReference } from './references.ts';
import { usageError } from './usage-error.ts';

export const manifestInspectCommand: CommandDefinition = {
  name: 'manifest inspect',
  usage: '[OPTIONS] [MANIFEST_LIST] MANIFEST',
  summary: 'Display an image manifest, or manifest list',
  flags: [
    {
      name: 'insecure',
      kind: 'bool',
      help: 'Allow communication with an insecure registry',
    },
    {
      name: 'verbose',
      short: 'v',
      kind: 'bool',
      help: 'Output additional info including layers and platform',
    },
  ],
  arguments: { min: 1, max: 2 },
  examples: [
    'docker manifest inspect gcr.io/distroless/static',
    'docker manifest inspect -v debian:trixie-slim',
  ],
  async run({ engine, session, args, flags }) {
    const ref = clientReference(args.at(-1) ?? '');
    const found = await manifestsOf(engine, ref);
    const documents = await Promise.all(
      found.map(async ({ manifest, platform }) => {
        const bytes = await readDocument(engine, manifest.digest);
        return {
          descriptor: {
            mediaType: manifest.mediaType,
            digest: manifest.digest,
            size: bytes.length,
            platform,
          },
          bytes,
        };
      }),
    );
    const [first] = documents;
    if (!first) throw new Error('at least one manifest was found');
    const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
    const verbose = documents.map(({ descriptor, bytes }) => ({
      Ref: `${canonicalName(ref)}${documents.length > 1 ? `@${descriptor.digest}` : ''}`,
      Descriptor: descriptor,
      OCIManifest: parsed(bytes),
    }));
    const shown = flags.bool('verbose')
      ? verbose.length > 1
        ? verbose
        : verbose[0]
      : documents.length > 1
        ? {
            schemaVersion: 2,
            mediaType: MEDIA.ociIndex,
            manifests: documents.map(({ descriptor }) => descriptor),
          }
        : parsed(first.bytes);
    session.stdout.write(`${JSON.stringify(shown, undefined, '\t')}\n`);
    return 0;
  },
};

interface Found {
  readonly manifest: Descriptor;
  readonly platform: OciPlatform;
}

/** Docker asks a registry; here the sources are asked first, and then the store. */
async function manifestsOf(engine: Engine, ref: ImageRef): Promise<readonly Found[]> {
  const name = canonicalName(ref);
  for (const source of engine.sources) {
    const found = (await source.list()).filter(({ reference }) => reference === name);
    if (found.length > 0) return found;
  }
  try {
    return [await findImage(engine, name)];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw usageError(`no such manifest: ${name}`, 1);
  }
}
