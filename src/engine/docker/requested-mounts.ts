import { invalid, mountTarget } from '../containers/check-request.ts';
import type { RequestedMount } from '../containers/request.ts';
import { EngineError } from '../errors.ts';
import { checkVolumeName } from '../containers/volumes.ts';
import type { CommandContext } from './command.ts';
import { type MountFlag, parseMountFlag } from './mount-flag.ts';
import type { Session } from './session.ts';
import { parseVolumeFlag } from './volume-flag.ts';

export interface RequestedMounts {
  readonly mounts: readonly RequestedMount[];
  /** `-v` with a source, as `inspect` shows them. */
  readonly binds: readonly string[];
  /** Targets of `-v /path`. */
  readonly anonymous: readonly string[];
}

/** Of `-v` and `--mount`. A folder of the workspace that `-v` names and that is missing is made, as Docker does. */
export async function requestedMounts({
  session,
  flags,
}: CommandContext): Promise<RequestedMounts> {
  const mounts: RequestedMount[] = [];
  const binds: string[] = [];
  const anonymous: string[] = [];
  for (const text of flags.list('volume')) {
    const { source, target, readOnly, noCopy } = parseVolumeFlag(text);
    if (source === undefined) anonymous.push(target);
    else if (/^[./]/.test(source)) {
      const { absolute, ...place } = locate(session, source);
      if ((await session.workspace?.kind(place.source)) === 'none') {
        await session.workspace?.makeDirectory(place.source);
      }
      mounts.push({ type: 'bind', source: place.source, shown: absolute, target, readOnly });
      binds.push([absolute, ...text.split(':').slice(1)].join(':'));
    } else {
      checkVolumeName(source);
      mounts.push({ type: 'volume', name: source, target, readOnly, noCopy });
      binds.push(text);
    }
  }
  for (const text of flags.list('mount')) mounts.push(await ofMount(session, parseMountFlag(text)));
  return { mounts, binds, anonymous };
}

async function ofMount(session: Session, mount: MountFlag): Promise<RequestedMount> {
  const { type, source, readOnly, noCopy, labels, size, mode } = mount;
  const wrong = (why: string): string =>
    `invalid mount config for type ${JSON.stringify(type)}: ${why}`;
  if (!['bind', 'volume', 'tmpfs'].includes(type)) throw invalid(wrong('mount type unknown'));
  const target = mountTarget(mount.target, wrong);
  if (type === 'volume') {
    if (source !== '') checkVolumeName(source);
    return {
      ...{ type, target, readOnly, noCopy },
      ...(source !== '' && { name: source }),
      ...(Object.keys(labels).length > 0 && { labels }),
    };
  }
  if (type === 'tmpfs') {
    if (source !== '') throw invalid(wrong('field Source must not be specified'));
    return {
      ...{ type, target, options: readOnly ? ['ro'] : [] },
      ...(size !== undefined && { size }),
      ...(mode !== undefined && { mode }),
    };
  }
  if (source === '') throw invalid(wrong('field Source must not be empty'));
  if (!/^(?:\/|\.\/|\.$)/.test(source)) {
    throw invalid(wrong(`invalid mount path: '${source}' mount path must be absolute`));
  }
  const { absolute, ...place } = locate(session, source);
  if ((await session.workspace?.kind(place.source)) === 'none') {
    throw invalid(wrong(`bind source path does not exist: ${absolute}`));
  }
  return { type: 'bind', source: place.source, shown: absolute, target, readOnly };
}

function locate(
  session: Session,
  path: string,
): { readonly source: string; readonly absolute: string } {
  const found = session.workspace?.locate(path);
  if (found) return found;
  throw new EngineError(
    'container-invalid',
    `invalid mount config for type "bind": bind source path is not in the workspace: ${path}`,
    {
      hint: session.workspace
        ? 'Only the folder that the shell was opened with, and what is below it, can be mounted.'
        : 'There is no workspace here; volumes can be mounted.',
    },
  );
}
