import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { contentOf } from '../../engine/layer/content.ts';
import { entriesOfTar } from '../../engine/layer/from-tar.ts';
import { bytesOf } from '../entries.ts';
import { makeFolder } from '../make-folder.ts';
import { writeWhole } from '../layout.ts';
import { type ColdBoot, coldBoot } from './guest-boot.ts';
import { compilerInitramfs } from './initramfs.ts';
import type { Deb } from '../packages/deb.ts';
import { toolchainEntries } from './toolchain.ts';

/** The sources of the programs that run in the guest outside of containers. */
export const GUEST_SOURCES = join(import.meta.dirname, '..', '..', 'machine', 'guest');

/** C files and headers by name. */
export async function readSources(
  folder = GUEST_SOURCES,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name)).sort();
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, Uint8Array]> => [
        name,
        new Uint8Array(await readFile(join(folder, name))),
      ]),
    ),
  );
}

export interface Compiler {
  readonly boot: Omit<ColdBoot, 'initrd'>;
  readonly busybox: Deb;
  /** Those of `TOOLCHAIN_PACKAGES`; not read when the programs are there already. */
  readonly debs: () => Promise<readonly Deb[]>;
  /** Of everything that decides about the result but the sources. */
  readonly key: string;
}

/**
 * The guest's programs by name, compiled by a machine that boots for that, so that the host needs no
 * compiler and may be of any kind. Kept in `directory` by the hash of sources and compiler. Rejects
 * with `machine-compile-failed`, which has what the compiler said.
 */
export async function guestPrograms(
  sources: ReadonlyMap<string, Uint8Array>,
  compiler: Compiler,
  directory: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const all = new Map([...sources, ...(await readSources(import.meta.dirname))]);
  const hash = createHash('sha256').update(compiler.key);
  hash.update(await readFile(join(import.meta.dirname, 'compile.sh')));
  for (const [name, bytes] of all) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  const file = join(directory, `${hash.digest('hex').slice(0, 32)}.tar`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept) return unpack(new Uint8Array(kept));
  const tar = await compile(all, compiler);
  const programs = await unpack(tar);
  makeFolder(directory);
  await writeWhole(file, tar);
  return programs;
}

async function unpack(tar: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = (await entriesOfTar(contentOf(tar))).filter(({ type }) => type === 'file');
  return new Map(
    await Promise.all(
      files.map(async (entry): Promise<[string, Uint8Array]> => [entry.path, await bytesOf(entry)]),
    ),
  );
}

async function compile(
  sources: ReadonlyMap<string, Uint8Array>,
  compiler: Compiler,
): Promise<Uint8Array> {
  const { boot, busybox } = compiler;
  const toolchain = toolchainEntries(await compiler.debs());
  const initrd = await compilerInitramfs({ busybox, toolchain, sources });
  const guest = await coldBoot({ ...boot, initrd });
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    guest.emulator.serials[1]?.onData((bytes) => {
      chunks.push(bytes);
      length += bytes.length;
    });
    const does = guest.shows(/semdistro: compiled (\d+) bytes/, /semdistro: \S+ does not compile/);
    const [, size] = await does.catch((error: unknown) => {
      throw /does not compile/.test(guest.log()) ? compileError(guest.log(), error) : error;
    });
    const end = Date.now() + 30_000;
    while (length < Number(size)) {
      boot.signal?.throwIfAborted();
      if (Date.now() > end)
        throw new Error(`${length} of ${size ?? '?'} bytes came from the guest`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return new Uint8Array(Buffer.concat(chunks).subarray(0, Number(size)));
  } finally {
    await guest.emulator.destroy();
  }
}

/** What gcc said, without the kernel's lines and the progress before it. */
function compileError(log: string, cause: unknown): EngineError {
  const said = log
    .split(/\r?\n/)
    .filter((line) => !/^\[ *\d+\.\d+\]|^\s*$/.test(line))
    .join('\n');
  return new EngineError('machine-compile-failed', said, {
    hint: `The sources are in ${GUEST_SOURCES}.`,
    cause,
  });
}
