import { utf8 } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { ContainerSpec, Mount } from '../../engine/process/host.ts';
import { ProcessStartError } from '../../engine/process/start-error.ts';
import { plainFile } from '../files/plain-file.ts';
import type { Directory } from '../files/directory.ts';
import type { Sandbox } from '../networks/networks.ts';
import type { Guest } from './guest.ts';
import { WORKSPACE } from './guest-paths.ts';
import { ociConfig } from './oci-config.ts';
import { mount, type OciMount } from './oci-defaults.ts';

/** What crun is given: a folder with `config.json`, and everything that is mounted from elsewhere. */
export interface Bundle {
  readonly path: string;
  readonly folder: Directory;
  /** Where in the guest the files are that were made for the container, by their place in it. */
  readonly files: ReadonlyMap<string, string>;
  /** The trees may be changed from outside again once the guest has brought what it still had. */
  readonly release: () => void;
}

/** Rejects with `ProcessStartError` (`mount`) when what a mount names is not there, or a container to join. */
export async function makeBundle(
  guest: Guest,
  spec: ContainerSpec,
  network: Pick<Sandbox, 'file'>,
): Promise<Bundle> {
  const undo: (() => void)[] = [];
  const release = (): void => {
    for (const step of undo.splice(0)) step();
  };
  try {
    const { path, folder, release: drop } = guest.share.bundle(spec.id);
    undo.push(drop);
    const root = guest.attach(guest.cow(spec.root));
    undo.push(root.release);
    const files = filesOf(guest, spec.mounts, undo);
    const mounts: OciMount[] = [];
    for (const one of spec.mounts) mounts.push(await ociMount(guest, one, files, undo));
    const config = ociConfig(spec, {
      root: root.path,
      mounts,
      networkFile: network.file,
      pidOf: (container) => pidOf(guest, container, spec),
    });
    folder.set('config.json', plainFile(utf8(JSON.stringify(config, undefined, 1))));
    const made = new Map([...files].map(([{ target }, place]) => [target, place]));
    return { path, folder, files: made, release };
  } catch (error) {
    release();
    throw error;
  }
}

function pidOf(guest: Guest, container: string, spec: ContainerSpec): number {
  const found = guest.containers.get(container);
  if (found) return found.pid;
  const message = `container ${container} is not running`;
  throw new ProcessStartError('other', spec.process.argv[0] ?? '', message);
}

/** Files made for the container are the files of one small tree; `path` gives a file's place in the guest. */
function filesOf(
  guest: Guest,
  mounts: readonly Mount[],
  undo: (() => void)[],
): ReadonlyMap<Mount, string> {
  const files = mounts.filter((one) => one.kind === 'file');
  if (files.length === 0) return new Map();
  const entries = files.map(({ content, mode, uid, gid }, index): Entry => ({
    ...{ type: 'file', path: String(index), mode, uid, gid, mtime: guest.now() / 1000 },
    ...{ size: content.length, content: contentOf(content) },
  }));
  const place = guest.attach(guest.scratch(entries));
  undo.push(place.release);
  return new Map(files.map((file, index) => [file, `${place.path}/${index}`]));
}

async function ociMount(
  guest: Guest,
  wanted: Mount,
  files: ReadonlyMap<Mount, string>,
  undo: (() => void)[],
): Promise<OciMount> {
  const { target } = wanted;
  switch (wanted.kind) {
    case 'tree': {
      const place = guest.attachTree(wanted.tree);
      undo.push(place.release);
      return bind(target, below(place.path, wanted.tree, wanted.source, target), true);
    }
    case 'writable': {
      const place = guest.attach(guest.cow(wanted.tree));
      undo.push(place.release);
      const { source, readOnly } = wanted;
      if (source === '') return bind(target, place.path, readOnly);
      return bind(target, below(place.path, await wanted.tree.view(), source, target), readOnly);
    }
    case 'workspace': {
      const { source, readOnly } = wanted;
      return bind(target, source === '' ? WORKSPACE : `${WORKSPACE}/${source}`, readOnly);
    }
    case 'tmpfs': {
      const { size, mode = 0o1777, options = [] } = wanted;
      // crun would keep `noexec` although an `exec` follows.
      const defaults = ['noexec', 'nosuid', 'nodev'];
      const kept = defaults.filter((option) => !options.includes(option.replace(/^no/, '')));
      return mount(target, 'tmpfs', 'tmpfs', [
        ...[...kept, ...options, `mode=${mode.toString(8)}`],
        ...(size === undefined ? [] : [`size=${size}`]),
      ]);
    }
    case 'file':
      return bind(target, files.get(wanted) ?? '', wanted.readOnly);
  }
}

/** The place of `source` with its symlinks followed inside the tree: the guest would follow them in its own root. */
function below(path: string, tree: FileTree, source: string, target: string): string {
  const found = tree.resolve(source);
  if (found === undefined) {
    throw new ProcessStartError(
      'mount',
      target,
      `mount source /${source}: no such file or directory`,
    );
  }
  return found === '' ? path : `${path}/${found}`;
}

function bind(target: string, source: string, readOnly: boolean): OciMount {
  return mount(target, 'bind', source, ['rbind', 'rprivate', readOnly ? 'ro' : 'rw']);
}
