import type { Engine } from '../engine.ts';
import { type PulledImage, pullImage } from '../images/pull.ts';
import { openImage } from '../images/open.ts';
import { shortId } from '../oci/digest.ts';
import type { OciPlatform } from '../oci/image.ts';
import { parsePlatform } from '../oci/platform.ts';
import { canonicalName, familiarName, type ImageRef } from '../oci/reference.ts';
import type { CommandDefinition } from './command.ts';
import { PLATFORM } from './common-flags.ts';
import { clientReference } from './references.ts';
import { pullNote } from './stand-in-notes.ts';

export const pullCommand: CommandDefinition = {
  name: 'pull',
  aliases: ['image pull', 'pull'],
  usage: '[OPTIONS] NAME[:TAG|@DIGEST]',
  summary: 'Download an image from a registry',
  flags: [PLATFORM, { name: 'quiet', short: 'q', kind: 'bool', help: 'Suppress verbose output' }],
  arguments: { min: 1, max: 1 },
  examples: [
    'docker pull gcr.io/distroless/static',
    'docker pull --platform linux/amd64 debian:trixie-slim',
  ],
  async run({ engine, session, args, flags }) {
    const ref = clientReference(args[0] ?? '');
    const quiet = flags.bool('quiet');
    const say = (line: string): void => {
      if (!quiet) session.stdout.write(`${line}\n`);
    };
    const wanted = flags.string('platform') ?? session.env['DOCKER_DEFAULT_PLATFORM'] ?? '';
    const platform = wanted === '' ? engine.defaultPlatform : parsePlatform(wanted);
    if (ref.tag === undefined && !ref.digest) say('Using default tag: latest');
    const { standIn } = await pullShowing(engine, ref, platform, say);
    session.stdout.write(`${canonicalName(ref)}\n`);
    if (standIn) session.stderr.write(pullNote(familiarName(ref), standIn));
    return 0;
  },
};

/** Pulls, telling line by line what Docker tells. Errors: those of `pullImage`. */
export async function pullShowing(
  engine: Engine,
  ref: ImageRef,
  platform: OciPlatform,
  say: (line: string) => void,
): Promise<PulledImage> {
  const pulled = await pullImage(engine, ref, platform);
  const { record, status } = pulled;
  const shown = familiarName(ref);
  say(`${ref.digest ?? ref.tag ?? 'latest'}: Pulling from ${ref.path}`);
  if (status === 'new') {
    const { manifest } = await openImage(engine, record);
    for (const layer of manifest.layers) say(`${shortId(layer.digest)}: Pull complete`);
  }
  say(`Digest: ${record.manifest.digest}`);
  say(
    status === 'new'
      ? `Status: Downloaded newer image for ${shown}`
      : `Status: Image is up to date for ${shown}`,
  );
  return pulled;
}
