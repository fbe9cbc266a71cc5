import type { KernelModule } from './initramfs.ts';

export const KERNELS = ['debian', 'source'] as const;

/** Debian's binary kernel, or one built here from Debian's source: smaller and tickless. */
export type KernelKind = (typeof KERNELS)[number];

/** A kernel that can be started. */
export interface BootKernel {
  readonly kind: KernelKind;
  /** Debian's version of the package it comes from: `6.1.176-1`. */
  readonly version: string;
  /** What `uname -r` says. */
  readonly release: string;
  /** A bzImage. */
  readonly image: Uint8Array;
  readonly modules: readonly KernelModule[];
}

/**
 * How the guest's kernel is started. Freed memory is filled with zeros, which a snapshot compresses
 * to nothing (and allocated memory then need not be); a panic is a restart, which the emulator
 * takes for a crash at once. No IPv6: the other kernel has none either. Grace periods of RCU, which
 * every end of a namespace waits for, are short, as on the kernel for one processor.
 */
export const COMMAND_LINE = [
  'console=ttyS0 quiet panic=-1',
  'tsc=reliable mitigations=off nowatchdog lpj=4000000',
  'random.trust_cpu=on audit=0 lsm= ipv6.disable=1',
  '8250.nr_uarts=4',
  'init_on_free=1 init_on_alloc=0',
  'rcupdate.rcu_expedited=1',
].join(' ');
