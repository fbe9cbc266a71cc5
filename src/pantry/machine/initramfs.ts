import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '../../engine/layer/entry.ts';
import { bytesOf, directory, fileOf, symlink } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';
import { cpio } from './cpio.ts';

/** The programs of busybox that init.sh and compile.sh call. */
const APPLETS = [
  ...['cat', 'chmod', 'cp', 'grep', 'insmod', 'ip', 'ln', 'mkdir', 'mount', 'sh', 'sleep', 'stat'],
  ...['stty', 'switch_root', 'sync', 'tar'],
];

/** A kernel module: its file's name and bytes. */
export interface KernelModule {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Programs that only tests bring into a guest, from where the compiled ones are kept. */
const FOR_TESTS: ReadonlySet<string> = new Set(['conformance']);

/**
 * What the guest boots into, all of which is gone when the snapshot is taken but `programs`, by
 * name: they lie in /run/semdistro/bin then, and `agent` is process 1. Modules load in their order.
 */
export async function guestInitramfs(parts: {
  readonly busybox: Deb;
  readonly modules: readonly KernelModule[];
  readonly programs: ReadonlyMap<string, Uint8Array>;
}): Promise<Uint8Array> {
  const { modules, programs } = parts;
  const list = modules.map(({ name }) => `${name}\n`).join('');
  return cpio([
    ...(await bootEntries(parts.busybox, 'init.sh')),
    directory('guest'),
    ...modules.map(({ name, bytes }) => fileOf(`modules/${name}`, bytes)),
    fileOf('modules/list', list),
    ...[...programs]
      .filter(([name]) => !FOR_TESTS.has(name))
      .map(([name, bytes]) => fileOf(`programs/${name}`, bytes, 0o755)),
  ]);
}

/** What a machine boots into that only compiles: a compiler's files, and `sources` in /build. */
export async function compilerInitramfs(parts: {
  readonly busybox: Deb;
  readonly toolchain: readonly Entry[];
  readonly sources: ReadonlyMap<string, Uint8Array>;
}): Promise<Uint8Array> {
  return cpio([
    ...parts.toolchain,
    ...(await bootEntries(parts.busybox, 'compile.sh')),
    symlink('lib', 'usr/lib'),
    directory('tmp', 0o1777),
    directory('build'),
    ...[...parts.sources].map(([name, bytes]) => fileOf(`build/${name}`, bytes)),
  ]);
}

async function bootEntries(busybox: Deb, script: string): Promise<readonly Entry[]> {
  const program = busybox.entries.find(({ path }) => /^(?:usr\/)?bin\/busybox$/.test(path));
  if (!program) throw new Error('busybox-static has no busybox');
  return [
    ...['bin', 'dev', 'proc', 'sys'].map((path) => directory(path)),
    fileOf('bin/busybox', await bytesOf(program), 0o755),
    ...APPLETS.map((name) => symlink(`bin/${name}`, 'busybox')),
    // The kernel opens it for process 1, before anything mounts /dev.
    {
      ...directory('dev/console', 0o600),
      type: 'char' as const,
      device: { major: 5, minor: 1 },
    },
    fileOf('init', await readFile(join(import.meta.dirname, script)), 0o755),
  ];
}
