import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  chownSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { once } from 'node:events';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { entriesOfTar } from '../engine/layer/from-tar.ts';
import { parentPath } from '../engine/layer/path.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import { layerTar } from '../engine/layer/write.ts';
import { entriesOfTree } from '../engine/build/tree-entries.ts';
import type {
  ContainerSpec,
  Mount,
  ProcessHost,
  ProcessIo,
  RunningContainer,
  WritableTree,
} from '../engine/process/host.ts';
import { ProcessStartError, type StartFailure } from '../engine/process/start-error.ts';

/**
 * For tests: the port of processes on this very Linux, by runc and overlayfs. What runs in the
 * emulated machine runs here natively, so that what does not depend on the machine can be compared with Docker
 * in seconds. Needs root; everything is below one folder, which `close` takes away.
 */
export interface RuncHost {
  readonly host: ProcessHost;
  close(): Promise<void>;
}

/** Why there can be no such host here, if so. */
export function runcMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root, for runc';
  return existsSync('/usr/sbin/runc') ? undefined : 'needs runc';
}

const run = promisify(execFile);

/** A tree that is on the disk: folders for overlayfs, the top one first. */
interface Unpacked {
  readonly tree: FileTree;
  readonly folders: readonly string[];
}

interface NativeTree extends WritableTree {
  /** Mounts it, if it is not, and says where. */
  mounted(): Promise<string>;
}

export function runcHost(): RuncHost {
  const home = mkdtempSync(join(tmpdir(), 'semdistro-runc-'));
  const unpacked: Unpacked[] = [];
  const mounted: string[] = [];
  let last = 0;
  const folder = (name: string): string => {
    const path = join(home, `${last++}-${name}`);
    mkdirSync(path);
    return path;
  };

  const unpack = async (tree: FileTree): Promise<readonly string[]> => {
    const known = unpacked.find((one) => one.tree === tree);
    if (known) return known.folders;
    // The nearest tree that is there already, and what is different on top of it.
    const changes = unpacked.map((one) => ({ one, difference: differenceOf(one.tree, tree) }));
    changes.sort((a, b) => a.difference.length - b.difference.length);
    const [nearest] = changes;
    const isNear =
      nearest && nearest.difference.length < tree.size / 2 && nearest.one.folders.length < 20;
    const path = folder('lower');
    await extract(isNear ? nearest.difference : entriesOfTree(tree), path);
    const folders = [path, ...(isNear ? nearest.one.folders : [])];
    unpacked.push({ tree, folders });
    return folders;
  };

  const trees = new WeakMap<WritableTree, NativeTree>();
  const writable = (lower: FileTree, changes: Iterable<Entry> = []): WritableTree => {
    const base = folder('tree');
    const [upper, work, merged] = ['upper', 'work', 'merged'].map((name) => join(base, name)) as [
      string,
      string,
      string,
    ]; // three names, three paths
    for (const path of [upper, work, merged]) mkdirSync(path);
    const first = [...changes];
    let mounting: Promise<string> | undefined;
    const mount = async (): Promise<string> => {
      const root = first.find(({ path }) => path === '') ?? lower.get('')?.entry;
      await extract(
        first.filter(({ path }) => path !== ''),
        upper,
      );
      if (root) {
        chmodSync(upper, root.mode);
        chownSync(upper, root.uid, root.gid);
      }
      const folders = [...(await unpack(lower)), ...(lower.size === 0 ? [folder('empty')] : [])];
      await run('mount', [
        '-t',
        'overlay',
        '-o',
        `lowerdir=${folders.join(':')},upperdir=${upper},workdir=${work},index=off,metacopy=off,redirect_dir=off`,
        'overlay',
        merged,
      ]);
      mounted.push(merged);
      return merged;
    };
    const tree: NativeTree = {
      mounted: () => (mounting ??= mount()),
      async changes() {
        await tree.mounted();
        return changesIn(upper);
      },
      async view() {
        return lower.apply(await tree.changes());
      },
      async apply(entries) {
        await extract([...entries], await tree.mounted());
      },
      size: () => 0,
      version: () => last++,
    };
    trees.set(tree, tree);
    return tree;
  };

  const sourceOf = async (
    mount: Mount,
  ): Promise<{ readonly source: string; readonly options: readonly string[] }> => {
    switch (mount.kind) {
      case 'tree': {
        const native = trees.get(writable(mount.tree));
        return {
          source: join((await native?.mounted()) ?? '', mount.source),
          options: ['rbind', 'ro'],
        };
      }
      case 'writable': {
        const native = trees.get(mount.tree);
        const access = mount.readOnly ? 'ro' : 'rw';
        return {
          source: join((await native?.mounted()) ?? '', mount.source),
          options: ['rbind', access],
        };
      }
      case 'file': {
        const path = join(folder('file'), 'file');
        writeFileSync(path, mount.content);
        chmodSync(path, mount.mode);
        chownSync(path, mount.uid, mount.gid);
        return { source: path, options: ['rbind', mount.readOnly ? 'ro' : 'rw'] };
      }
      case 'tmpfs': {
        const mode = `mode=${(mount.mode ?? 0o1777).toString(8)}`;
        const size = mount.size === undefined ? [] : [`size=${mount.size}`];
        return { source: 'tmpfs', options: ['nosuid', mode, ...size, ...(mount.options ?? [])] };
      }
      case 'workspace':
        throw new Error('there is no workspace here');
    }
  };

  const start = async (spec: ContainerSpec, io: ProcessIo): Promise<RunningContainer> => {
    const bundle = folder('bundle');
    const root = await trees.get(spec.root)?.mounted();
    const mounts = [];
    for (const mount of spec.mounts) {
      const { source, options } = await sourceOf(mount);
      const type = mount.kind === 'tmpfs' ? 'tmpfs' : 'bind';
      mounts.push({ destination: mount.target, type, source, options });
    }
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(configOf(spec, root ?? '', mounts)));
    const pidFile = join(bundle, 'pid');
    const id = `semdistro-${spec.id}`;
    const child = spawn(
      'runc',
      [
        '--root',
        join(home, 'runc'),
        'run',
        '--no-new-keyring',
        '--pid-file',
        pidFile,
        '-b',
        bundle,
        id,
      ],
      { stdio: [io.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] },
    );
    // runc's own complaints, or what a quick process writes before runc says that it runs.
    const early: Buffer[] = [];
    let isStarted = false;
    const taken: Promise<unknown>[] = [];
    child.stdout?.on('data', (bytes: Buffer) => taken.push(Promise.resolve(io.stdout(bytes))));
    const deliver = (): void => {
      for (const bytes of early.splice(0)) taken.push(Promise.resolve(io.stderr(bytes)));
    };
    child.stderr?.on('data', (bytes: Buffer) => {
      early.push(bytes);
      if (existsSync(pidFile)) deliver();
    });
    const exit = once(child, 'close').then(async ([code]) => {
      if (existsSync(pidFile)) deliver();
      await Promise.all(taken);
      return { code: Number(code), outOfMemory: false };
    });
    while (!isStarted && child.exitCode === null) {
      isStarted = existsSync(pidFile);
      if (!isStarted) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (!existsSync(pidFile)) {
      await exit;
      throw startError(spec, Buffer.concat(early).toString());
    }
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return {
      pid,
      exit,
      kill: async (signal) => {
        await run('runc', ['--root', join(home, 'runc'), 'kill', id, String(signal)]).catch(
          () => undefined,
        );
      },
      resize: async () => undefined,
      exec: () => Promise.reject(new Error('no exec here')),
      processes: () => Promise.resolve([]),
      usage: () => Promise.resolve({ cpu: 0, memory: 0, memoryLimit: 0, pids: 0 }),
      pause: async () => undefined,
      unpause: async () => undefined,
    };
  };

  return {
    host: { writable, start },
    async close() {
      for (const path of mounted.splice(0)) await run('umount', ['-l', path]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function startError({ process }: ContainerSpec, errors: string): ProcessStartError {
  const kinds: readonly (readonly [RegExp, StartFailure])[] = [
    [/no such file or directory$|executable file not found/m, 'not-found'],
    [/permission denied$/m, 'permission-denied'],
    [/is a directory$/m, 'is-directory'],
    [/not a directory$/m, 'cwd'],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(errors))?.[1] ?? 'other';
  return new ProcessStartError(kind, process.argv[0] ?? '', errors);
}

async function extract(entries: readonly Entry[], into: string): Promise<void> {
  const child = spawn('tar', ['-x', '-p', '--numeric-owner', '--xattrs', '-C', into], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const done = once(child, 'close');
  const plain = entries.map((entry) =>
    entry.type === 'whiteout'
      ? { ...entry, type: 'char' as const, mode: 0, device: { major: 0, minor: 0 } }
      : entry,
  );
  for await (const chunk of layerTar(plain.filter(({ path }) => path !== ''))) {
    if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
  }
  child.stdin.end();
  await done;
}

/** What `tree` has that `base` has not, by identity of entries, and whiteouts for what it lacks. */
function differenceOf(base: FileTree, tree: FileTree): readonly Entry[] {
  const changed = entriesOfTree(
    tree,
    (entry) => entry.type === 'dir' || base.get(entry.path)?.entry !== entry,
  ).filter((entry) => base.get(entry.path)?.entry !== entry);
  const gone: Entry[] = [];
  for (const { entry } of base.walk()) {
    if (tree.get(entry.path)) continue;
    // What lay in something that is gone, or is no directory any more, is gone with it.
    if (tree.get(parentPath(entry.path))?.entry.type !== 'dir') continue;
    gone.push({ type: 'whiteout', path: entry.path, mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 });
  }
  return [...changed, ...gone];
}

/** Entries of an overlay's upper folder. */
async function changesIn(upper: string): Promise<readonly Entry[]> {
  const { stdout } = await run(
    'tar',
    [
      '-c',
      '--format=pax',
      '--numeric-owner',
      '--xattrs',
      '--xattrs-include=trusted.overlay.opaque',
      '-C',
      upper,
      '.',
    ],
    { encoding: 'buffer', maxBuffer: 2 ** 31 },
  );
  const entries: Entry[] = [];
  for (const entry of await entriesOfTar(contentOf(stdout))) {
    const { xattrs, ...plain } = entry;
    const bare = { mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
    if (entry.type === 'char' && entry.device?.major === 0 && entry.device.minor === 0) {
      entries.push({ ...bare, type: 'whiteout', path: entry.path });
      continue;
    }
    if (xattrs?.['trusted.overlay.opaque'])
      entries.push({ ...bare, type: 'opaque', path: entry.path });
    entries.push(plain);
  }
  return entries;
}

function configOf(spec: ContainerSpec, root: string, mounts: readonly unknown[]): unknown {
  const { process } = spec;
  const capabilities = process.capabilities;
  const held = process.user.uid === 0 ? capabilities : [];
  const none = ['nosuid', 'noexec', 'nodev'];
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: process.user.uid, gid: process.user.gid, additionalGids: process.user.groups },
      args: process.argv,
      env: process.env,
      cwd: process.cwd,
      capabilities: { bounding: capabilities, effective: held, permitted: held },
      noNewPrivileges: process.noNewPrivileges,
    },
    root: { path: root, readonly: spec.readOnlyRoot },
    hostname: spec.hostname,
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
      },
      {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: [...none, 'mode=1777', 'size=65536k'],
      },
      { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: none },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...none, 'ro'] },
      ...mounts,
    ],
    linux: {
      // Not even "host": tests have no internet either.
      namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
      resources: { devices: [{ allow: true, access: 'rwm' }] },
    },
  };
}
