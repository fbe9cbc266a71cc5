import { type BigIntStats, lstatSync } from 'node:fs';
import type { Attributes, Time } from '../../machine/files/node.ts';

export type HostStat = BigIntStats;

/** Undefined when there is nothing of this name. */
export function statOf(path: Buffer): HostStat | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/** `privileged` as in Folder: whether owners are shown as they are. */
export function attributesOf(found: HostStat, privileged: boolean): Attributes {
  const mode = Number(found.mode);
  const own = !privileged && Number(found.uid) === process.getuid?.();
  const rdev = Number(found.rdev);
  const isDevice = found.isCharacterDevice() || found.isBlockDevice();
  return {
    mode,
    uid: own ? 0 : Number(found.uid),
    gid: own ? 0 : Number(found.gid),
    nlink: Number(found.nlink),
    size: Number(found.size),
    blocks: Number(found.blocks),
    // As Linux packs both numbers into one.
    device: isDevice
      ? { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) }
      : undefined,
    atime: timeOf(found.atimeNs),
    mtime: timeOf(found.mtimeNs),
    ctime: timeOf(found.ctimeNs),
  };
}

const BILLION = 1_000_000_000n;

function timeOf(nanoseconds: bigint): Time {
  const rest = ((nanoseconds % BILLION) + BILLION) % BILLION;
  return { seconds: Number((nanoseconds - rest) / BILLION), nanoseconds: Number(rest) };
}
