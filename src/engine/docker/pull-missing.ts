import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { findImage } from '../images/find.ts';
import type { ImageRecord } from '../images/record.ts';
import { matchesPlatform, platformName } from '../oci/platform.ts';
import { familiarName } from '../oci/reference.ts';
import type { OciPlatform } from '../oci/image.ts';
import type { CommandContext } from './command.ts';
import { wantedPlatform } from './container-request.ts';
import { pullShowing } from './pull.ts';
import { clientReference } from './references.ts';
import { pullNote } from './stand-in-notes.ts';
import { usageError } from './usage-error.ts';

/** `--pull`: sees to it that the image is there, saying on stderr what it does. Errors: those of a pull, `image-unknown`. */
export async function pullMissing(context: CommandContext): Promise<void> {
  const { engine, session, args, flags } = context;
  const policy = flags.string('pull') ?? 'missing';
  if (!['always', 'missing', 'never', ''].includes(policy)) {
    throw usageError(
      `invalid pull option: '${policy}': must be one of "always", "missing" or "never"`,
      125,
    );
  }
  const name = args[0] ?? '';
  const platform = wantedPlatform(context);
  const isId = /^(?:sha256:)?[0-9a-f]{64}$/.test(name);
  const ref = isId ? undefined : clientReference(name);
  let found = policy === 'always' ? undefined : await inStore(engine, name, platform);
  if (!found && ref && policy !== 'never') {
    if (policy !== 'always') {
      session.stderr.write(`Unable to find image '${familiarName(ref)}' locally\n`);
    }
    const quiet = flags.bool('quiet');
    const say = (line: string): void => {
      if (!quiet) session.stderr.write(`${line}\n`);
    };
    const pulled = await pullShowing(engine, ref, platform ?? engine.defaultPlatform, say);
    if (pulled.standIn && !quiet) {
      session.stderr.write(pullNote(familiarName(ref), pulled.standIn));
    }
    found = pulled.record;
  }
  const machine = engine.defaultPlatform;
  if (found && !platform && !matchesPlatform(found.platform, machine)) {
    session.stderr.write(
      `WARNING: The requested image's platform (${platformName(found.platform)}) does not match ` +
        `the detected host platform (${platformName(machine)}) and no specific platform was requested\n`,
    );
  }
}

async function inStore(
  engine: Engine,
  name: string,
  platform: OciPlatform | undefined,
): Promise<ImageRecord | undefined> {
  try {
    return await findImage(engine, name, platform);
  } catch (error) {
    const isElsewhere =
      error instanceof EngineError &&
      (error.code === 'image-unknown' || error.code === 'image-platform');
    if (isElsewhere) return undefined;
    throw error;
  }
}
