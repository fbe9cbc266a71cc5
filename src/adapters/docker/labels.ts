import { hostname, uptime } from 'node:os';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** On every container and volume that is made here; the value is the owner's name. */
export const OWNER_LABEL = 'dev.semdistro.lab-owner';
/** Images are told by a name, not by a label: a label would be part of what is checked. */
export const IMAGE_REPOSITORY = 'semdistro.local/lab';

/** The process that something belongs to: so that the next one knows what a crash left. */
export interface Owner {
  /** Of the computer and its start: on another, nobody can say whether the process lives. */
  readonly boot: string;
  readonly pid: number;
  /** Tells two engines of one process apart. */
  readonly nonce: string;
}

/** This process on this computer. */
export async function newOwner(): Promise<Owner> {
  return { boot: await bootId(), pid: process.pid, nonce: randomBytes(4).toString('hex') };
}

/** As a label's value, and the beginning of an image's tag. */
export function ownerName({ boot, pid, nonce }: Owner): string {
  return `${boot}-${pid}-${nonce}`;
}

/** Undefined for what we never wrote. */
export function parseOwner(name: string): Owner | undefined {
  const [, boot, pid, nonce] = /^([0-9a-f]{16})-(\d+)-([0-9a-f]{8})(?:-|$)/.exec(name) ?? [];
  if (boot === undefined || pid === undefined || nonce === undefined) return undefined;
  return { boot, pid: Number(pid), nonce };
}

/** Of temporary folders, which end like an image's tag begins. */
export const FOLDER_PREFIX = 'semdistro-layers-';

/** Whether its process is certainly gone. Of another computer, or another start of this one that may be running elsewhere, that is never certain. */
export function isGone(owner: Owner, here: Owner): boolean {
  if (owner.boot.slice(0, 8) !== here.boot.slice(0, 8)) return false;
  if (owner.boot !== here.boot) return true;
  if (owner.pid === here.pid) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Eight digits for the computer and eight for its start. */
async function bootId(): Promise<string> {
  const linux = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined);
  // Elsewhere: when it started, to ten minutes, since the two clocks drift apart.
  const start = linux?.trim() ?? String(Math.round((Date.now() / 1000 - uptime()) / 600));
  return `${digits(hostname())}${digits(start)}`;
}

function digits(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
