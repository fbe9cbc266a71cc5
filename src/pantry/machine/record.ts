import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../engine/errors.ts';
import { KERNELS } from './kernel.ts';

const recordSchema = z.object({
  schema: z.literal(2),
  /** File beside the record; zstd. */
  snapshot: z.string().regex(/^[0-9a-f]+\.state\.zst$/),
  /** Bytes of the snapshot. */
  size: z.number().int().positive(),
  /** Of the snapshot, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  kernel: z.object({
    kind: z.enum(KERNELS),
    /** Debian's version of the package. */
    version: z.string(),
    /** As `uname -r`. */
    release: z.string(),
  }),
  /** Bytes of guest memory; a restore needs exactly as much. */
  memory: z.number().int().positive(),
  /** The one version of v86 that can restore it. */
  v86: z.string(),
  /** The image in the pantry whose /usr and /etc the guest is given. */
  guest: z.string(),
  /** Source packages of what is in the snapshot, which their licences ask for. */
  sources: z.array(
    z.object({
      package: z.string(),
      version: z.string(),
      source: z.string(),
      sourceVersion: z.string(),
    }),
  ),
});

/** What `.cache/machine/machine.json` says: the machine that runs processes. */
export type MachineRecord = z.infer<typeof recordSchema>;

/** A record with the absolute path of its snapshot. */
export interface Machine extends Omit<MachineRecord, 'schema' | 'snapshot'> {
  readonly snapshot: string;
}

/** Where the machine's files are below a cache folder. */
export function machineFolder(cacheDir: string): string {
  return join(cacheDir, 'machine');
}

/** The record of the current machine. */
export function recordPath(cacheDir: string): string {
  return join(machineFolder(cacheDir), 'machine.json');
}

/** The machine that `buildMachine` made last; undefined when there is none, or not all of it. */
export async function readMachine(cacheDir: string): Promise<Machine | undefined> {
  let parsed: MachineRecord;
  try {
    parsed = recordSchema.parse(JSON.parse(await readFile(recordPath(cacheDir), 'utf8')));
  } catch {
    return undefined;
  }
  const { kernel, memory, v86, guest, sources, size, sha256 } = parsed;
  const snapshot = join(machineFolder(cacheDir), parsed.snapshot);
  const found = await stat(snapshot).catch(() => undefined);
  if (found?.size !== size) return undefined;
  return { kernel, memory, v86, guest, sources, size, sha256, snapshot };
}

/** The bytes of its snapshot. Errors: EngineError `machine-damaged` when they are not those that were saved. */
export async function readSnapshot({ snapshot, sha256 }: Machine): Promise<Uint8Array> {
  const bytes = await readFile(snapshot);
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new EngineError('machine-damaged', `the machine’s snapshot ${snapshot} is damaged`, {
    hint: 'Delete it, and make it again with `semdistro machine build`.',
    exitCode: 125,
  });
}
