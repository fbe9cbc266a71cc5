import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { EngineError } from '../../engine/errors.ts';
import { snapshotOptions } from '../../machine/emulator/options.ts';
import { type ColdBoot, coldBoot } from './guest-boot.ts';

/** Raise it when the code below makes another snapshot of the same boot. */
const FORMAT = 1;

/** What the page may have to download before anything runs. */
export const SNAPSHOT_LIMIT = 9_000_000;

/** The name of the snapshot that a boot results in, by everything it depends on: hexadecimal digits. */
export function snapshotName(boot: Omit<ColdBoot, 'signal'>): string {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const inputs = [
    FORMAT,
    snapshotOptions(boot.memory),
    boot.commandLine,
    ...[boot.kernel, boot.initrd, boot.bios, boot.vgaBios].map(sha256),
  ];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32);
}

/** How long the agent has to come to rest after it said that it waits, in ms. */
const SETTLE = 1000;

export interface SnapshotSteps {
  onBooted?: () => void;
  onSaved?: () => void;
}

/**
 * Boots, waits for the agent to wait, and saves: zstd-compressed as `restore` takes it. 9P has not
 * been mounted then. Rejects with `machine-boot-failed` or `machine-too-large`; `onLog` gets the
 * console's text first, also then.
 */
export async function makeSnapshot(
  boot: ColdBoot,
  steps: SnapshotSteps & { readonly onLog: (log: string) => Promise<void> },
): Promise<Uint8Array> {
  const guest = await coldBoot(boot);
  let state: Uint8Array;
  try {
    await guest.shows(/semdistro-agent: ready/);
    steps.onBooted?.();
    await delay(SETTLE, undefined, boot.signal && { signal: boot.signal });
    state = await guest.emulator.save();
  } finally {
    await steps.onLog(guest.log());
    await guest.emulator.destroy();
  }
  steps.onSaved?.();
  const params = { [constants.ZSTD_c_compressionLevel]: 19 };
  const packed = new Uint8Array(await promisify(zstdCompress)(state, { params }));
  if (packed.length > SNAPSHOT_LIMIT) {
    throw new EngineError(
      'machine-too-large',
      `the snapshot has ${packed.length} bytes, more than ${SNAPSHOT_LIMIT}`,
      { hint: 'Look at what stays in memory: the guest’s programs, modules, caches.' },
    );
  }
  return packed;
}
