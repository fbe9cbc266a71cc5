import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { aptSource } from '../packages/apt.ts';
import { type PackageCache, packageCache } from '../packages/cache.ts';
import { type Lock, readLock, writeLock } from '../packages/lock.ts';
import {
  currentLock,
  describeLockChange,
  type Obtained,
  obtainPackages,
  type ObtainOptions,
} from '../packages/obtain.ts';
import type { PackageSource } from '../packages/port.ts';
import { pantryHome } from '../pantry-home.ts';
import { TOOLCHAIN_PACKAGES } from './toolchain.ts';

/** The committed lock of what the machine is made of beside its shell: Debian 12, the last with a 32-bit kernel. */
const MACHINE_LOCKS = join(import.meta.dirname, 'lock');

/** Always in the newest build's package; the package that only depends on it has a name that stays. */
const KERNEL_POINTER = 'linux-image-686';
export const KERNEL_SOURCE = 'linux-source-6.1';
const KERNEL_IMAGE = /^linux-image-(.+-686)-unsigned$/;

/** What else is taken from Debian 12: the only program of a cold boot, its firmware, and a compiler. */
const OTHERS = ['busybox-static', 'seabios', ...TOOLCHAIN_PACKAGES];

export interface MachinePackages {
  /** The name of the package with Debian's kernel, and the release that its modules are for. */
  readonly kernel: { readonly package: string; readonly release: string };
  readonly obtained: Obtained;
}

/** Debian 12's packages, as locked: the kernel as `kernel` wants it, and what every machine needs. */
export async function machinePackages(
  cacheDir: string,
  kernel: 'debian' | 'source',
  options: ObtainOptions,
): Promise<MachinePackages> {
  const { cache, source } = bookworm(cacheDir);
  const locked = await readLock(MACHINE_LOCKS, 'i386');
  if (locked === undefined) throw new Error(`there is no lock in ${MACHINE_LOCKS}`);
  const get = async (lock: Lock): Promise<MachinePackages> => {
    const found = kernelOf(lock);
    const names = [...OTHERS, kernel === 'debian' ? found.package : KERNEL_SOURCE];
    const request = { names, closures: [] };
    return {
      kernel: found,
      obtained: await obtainPackages(source, cache, lock, request, options),
    };
  };
  try {
    return await get(locked);
  } catch (error) {
    // A new build of the kernel has a package of another name, and the mirror keeps only one.
    if (!(error instanceof EngineError) || error.code !== 'packages-unknown') throw error;
    const { lock, notes } = await newestLock(source, options);
    const got = await get(lock);
    const change = describeLockChange(locked, lock);
    const note = `the mirror no longer has the kernel that is locked, the current one taken instead: ${change}`;
    return {
      ...got,
      obtained: { ...got.obtained, notes: [...notes, note, ...got.obtained.notes] },
    };
  }
}

/** Writes the lock anew with what the mirror has now; what changed, in one line, after the source's own lines. */
export async function lockMachine(
  cacheDir: string,
  options: ObtainOptions,
): Promise<readonly string[]> {
  const before = await readLock(MACHINE_LOCKS, 'i386');
  const { lock, notes } = await newestLock(bookworm(cacheDir).source, options);
  await writeLock(MACHINE_LOCKS, lock);
  return [...notes, `machine: ${describeLockChange(before, lock)}`];
}

function bookworm(cacheDir: string): {
  readonly cache: PackageCache;
  readonly source: PackageSource;
} {
  const { packages, apt } = pantryHome(cacheDir);
  const cache = packageCache(packages);
  return { cache, source: aptSource({ directory: apt, cache, release: 'bookworm' }) };
}

async function newestLock(source: PackageSource, options: ObtainOptions) {
  const notes = await source.refresh(['i386'], {
    ...(options.onStep && { onProgress: options.onStep }),
    ...(options.signal && { signal: options.signal }),
  });
  const [pointer] = await source.find([{ name: KERNEL_POINTER }], 'i386');
  const signed = /\blinux-image-\S+-686\b/.exec(pointer?.depends ?? '')?.[0];
  if (signed === undefined) {
    throw new EngineError('packages-unknown', `Debian's ${KERNEL_POINTER} names no kernel`);
  }
  // The same kernel, built from the source package `linux` itself.
  const names = [`${signed}-unsigned`, KERNEL_SOURCE, ...OTHERS];
  const { lock } = await currentLock(source, 'i386', { names, closures: [] }, options);
  return { lock, notes };
}

function kernelOf(lock: Lock): MachinePackages['kernel'] {
  for (const name of lock.packages.keys()) {
    const release = KERNEL_IMAGE.exec(name)?.[1];
    if (release !== undefined) return { package: name, release };
  }
  throw new Error(`no kernel in the lock of ${MACHINE_LOCKS}`);
}
