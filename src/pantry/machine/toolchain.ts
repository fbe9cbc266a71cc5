import type { Entry } from '../../engine/layer/entry.ts';
import { matches } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';

/**
 * What compiles the guest's programs: tcc, binutils to link, and musl. gcc's compiler proper is
 * 39 MB of machine code, far more than v86 keeps translated: it takes a hundred times as long.
 */
export const TOOLCHAIN_PACKAGES = [
  'binutils-i686-linux-gnu',
  'libbinutils',
  'libc6',
  'libctf0',
  'libjansson4',
  'libzstd1',
  'linux-libc-dev',
  'musl-dev',
  'tcc',
  'zlib1g',
];

const WANTED = [
  '/usr/bin/i686-linux-gnu-ar',
  '/usr/bin/i686-linux-gnu-ld.bfd',
  '/usr/bin/tcc',
  '/usr/include/asm-generic',
  '/usr/include/i386-linux-gnu/asm',
  '/usr/include/i386-linux-musl',
  '/usr/include/linux',
  '/usr/lib/i386-linux-gnu/*.so*',
  '/usr/lib/i386-linux-gnu/tcc',
  '/usr/lib/i386-linux-musl',
  '/lib/ld-linux.so.2',
  '/lib/i386-linux-gnu/*.so*',
];

/** A compiler's files for an initramfs, in the place they have on a system with a merged /usr. */
export function toolchainEntries(debs: readonly Deb[]): readonly Entry[] {
  return debs.flatMap(({ entries }) =>
    entries
      .filter(({ type, path }) => type !== 'dir' && matches(path, WANTED))
      .map((entry) => ({ ...entry, path: entry.path.replace(/^lib\//, 'usr/lib/') })),
  );
}
