import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { V86_VERSION } from '../../machine/emulator/options.ts';
import type { SourceRow } from '../build-state.ts';
import { bytesOf } from '../entries.ts';
import { writeWhole } from '../layout.ts';
import { makeFolder } from '../make-folder.ts';
import { type Deb, readDeb } from '../packages/deb.ts';
import { diskError } from '../packages/disk-error.ts';
import type { Obtained } from '../packages/obtain.ts';
import { packageOf } from '../layer-plan.ts';
import { debianKernel } from './debian-kernel.ts';
import type { ColdBoot } from './guest-boot.ts';
import { guestInitramfs } from './initramfs.ts';
import { type BootKernel, COMMAND_LINE, type KernelKind } from './kernel.ts';
import { KERNEL_SOURCE, machinePackages } from './packages.ts';
import { guestPrograms, GUEST_SOURCES, readSources } from './programs.ts';
import { machineFolder, type MachineRecord, readMachine, recordPath } from './record.ts';
import { makeSnapshot, snapshotName } from './snapshot.ts';
import { sourceKernel } from './source-kernel.ts';
import { TOOLCHAIN_PACKAGES } from './toolchain.ts';

/** The image whose /usr and /etc become the guest's. */
export const GUEST_IMAGE = 'semdistro.invalid/guest:latest';

/** Enough for a Go compiler, and committed whole by the emulator. */
const MEMORY = 512 * 1024 * 1024;

export interface MachineOptions {
  /** `.cache` of the repository; the machine is in `machine/` below it. */
  readonly cacheDir: string;
  /** As the current machine's when missing, Debian's own when there is none. */
  readonly kernel?: KernelKind | undefined;
  readonly onProgress?: (progress: MachineProgress) => void;
  /** Another folder of C files than the repository's. */
  readonly guestSources?: string;
  readonly signal?: AbortSignal;
}

export interface MachineProgress {
  /** What is going on, a few words. */
  readonly step: string;
  /** Of `total`, in bytes; both 0 when there is nothing to count. */
  readonly done: number;
  readonly total: number;
}

export interface MachineReport {
  readonly machine: MachineRecord;
  /** It was there already. */
  readonly cached: boolean;
  /** What took time, in order. */
  readonly stages: readonly { readonly step: string; readonly milliseconds: number }[];
  /** Lines to show: packages that are not as locked, indices that could not be had. */
  readonly notes: readonly string[];
}

/**
 * Makes the machine: boots a kernel until its agent waits, and saves that. Nothing is done twice:
 * packages, the guest's programs, a kernel from source and the snapshot are each found by the hash
 * of what they are made of. Killed at any moment, the next call goes on. EngineErrors: those of
 * packages, `machine-boot-failed` (the console is in `console.log` of the folder),
 * `machine-compile-failed`, `machine-too-large`, `kernel-tools-missing`, `kernel-build-failed`.
 */
export async function buildMachine(options: MachineOptions): Promise<MachineReport> {
  const { cacheDir, signal } = options;
  const folder = machineFolder(cacheDir);
  try {
    makeFolder(folder);
  } catch (error) {
    throw diskError(error, folder);
  }
  const kind = options.kernel ?? (await readMachine(cacheDir))?.kernel.kind ?? 'debian';
  const stages = stopwatch(options.onProgress);
  const step = {
    onStep: stages.begin,
    onProgress: stages.count,
    ...(signal && { signal }),
  };
  stages.begin('packages of the machine');
  const { kernel, obtained } = await machinePackages(cacheDir, kind, step);
  const busybox = await debOf(obtained, 'busybox-static');
  const seabios = await debOf(obtained, 'seabios');
  const started: BootKernel =
    kind === 'debian'
      ? await debianKernel(
          await debOf(obtained, kernel.package),
          kernel.release,
          packageOf(obtained, kernel.package).version,
        )
      : await sourceKernel(packageOf(obtained, KERNEL_SOURCE), folder, stages.begin, signal);
  const boot: Omit<ColdBoot, 'initrd'> = {
    kernel: started.image,
    bios: await fileIn(seabios, 'usr/share/seabios/bios.bin'),
    vgaBios: await fileIn(seabios, 'usr/share/seabios/vgabios-stdvga.bin'),
    commandLine: COMMAND_LINE,
    memory: MEMORY,
    signal,
  };
  const sources = await readSources(options.guestSources ?? GUEST_SOURCES);
  stages.begin('compiling the guest’s programs');
  const programs = await guestPrograms(
    sources,
    {
      ...{ boot, busybox },
      debs: () => Promise.all(TOOLCHAIN_PACKAGES.map((name) => debOf(obtained, name))),
      key: TOOLCHAIN_PACKAGES.map((name) => packageOf(obtained, name).sha256).join(),
    },
    join(folder, 'programs'),
  );
  const initrd = await guestInitramfs({ busybox, modules: started.modules, programs });
  const name = snapshotName({ ...boot, initrd });
  const file = join(folder, `${name}.state.zst`);
  const cached = (await stat(file).catch(() => undefined))?.isFile() === true;
  if (!cached) {
    const log = join(folder, 'console.log');
    stages.begin(`booting Linux ${started.release}`);
    const snapshot = await makeSnapshot(
      { ...boot, initrd },
      {
        onBooted: () => {
          stages.begin('saving the snapshot');
        },
        onSaved: () => {
          stages.begin('compressing the snapshot');
        },
        onLog: (text) => writeWhole(log, text),
      },
    ).catch((error: unknown) => {
      throw withHint(error, `What the kernel said is in ${log}.`);
    });
    await writeWhole(file, snapshot);
  }
  const snapshot = await readFile(file);
  const inside = ['busybox-static', 'musl-dev', 'seabios', 'tcc'];
  const machine: MachineRecord = {
    schema: 2,
    snapshot: `${name}.state.zst`,
    size: snapshot.length,
    sha256: createHash('sha256').update(snapshot).digest('hex'),
    kernel: { kind, version: started.version, release: started.release },
    memory: MEMORY,
    v86: V86_VERSION,
    guest: GUEST_IMAGE,
    sources: [...inside, kind === 'debian' ? kernel.package : KERNEL_SOURCE].map((item) =>
      sourceRow(obtained, item),
    ),
  };
  const text = `${JSON.stringify(machine, null, 2)}\n`;
  await writeWhole(join(folder, `${kind}.json`), text);
  await writeWhole(recordPath(cacheDir), text);
  await prune(folder);
  return {
    ...{ machine, cached, stages: stages.end() },
    notes: obtained.notes,
  };
}

async function debOf(obtained: Obtained, name: string): Promise<Deb> {
  return readDeb(await readFile(packageOf(obtained, name).path), name);
}

async function fileIn(deb: Deb, path: string): Promise<Uint8Array> {
  const entry = deb.entries.find((candidate) => candidate.path === path);
  if (!entry) throw new Error(`there is no ${path} in the package`);
  return bytesOf(entry);
}

function sourceRow(obtained: Obtained, name: string): SourceRow {
  const { version, source } = packageOf(obtained, name);
  return { package: name, version, source: source.name, sourceVersion: source.version };
}

function withHint(error: unknown, hint: string): unknown {
  if (!(error instanceof EngineError) || error.hint !== undefined) return error;
  return new EngineError(error.code, error.message, { hint, cause: error });
}

/** Times stages: what begins ends the one before. */
function stopwatch(onProgress: MachineOptions['onProgress']) {
  const stages: { readonly step: string; readonly milliseconds: number }[] = [];
  let step: string | undefined;
  let since = 0;
  const finish = (): void => {
    if (step !== undefined) stages.push({ step, milliseconds: performance.now() - since });
  };
  return {
    begin: (next: string): void => {
      finish();
      step = next;
      since = performance.now();
      onProgress?.({ step, done: 0, total: 0 });
    },
    count: ({ done, total }: { readonly done: number; readonly total: number }): void => {
      onProgress?.({ step: step ?? '', done, total });
    },
    end: () => {
      finish();
      step = undefined;
      return stages;
    },
  };
}

/** Removes snapshots that no record names: one stays for each kind of kernel. */
async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  const records = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFile(join(folder, name), 'utf8')),
  );
  const unused = names.filter(
    (name) => name.endsWith('.state.zst') && !records.some((text) => text.includes(name)),
  );
  await Promise.all(unused.map((name) => rm(join(folder, name), { force: true })));
}
