import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { arch, pid } from 'node:process';
import { EngineError } from '../../engine/errors.ts';
import { writeWhole } from '../layout.ts';
import { bytesOf } from '../entries.ts';
import { readDeb } from '../packages/deb.ts';
import type { ObtainedPackage } from '../packages/obtain.ts';
import { run } from '../packages/run.ts';
import { errnoOf } from '../errno.ts';
import { isRunning } from '../is-running.ts';
import type { BootKernel } from './kernel.ts';

export const FRAGMENT = join(import.meta.dirname, 'kernel.fragment');

/** Part of what a kernel is kept by: raise it when the commands below make another one. */
const FORMAT = 1;

/** The programs that building a kernel runs, with Debian's packages of them. */
const TOOLS: readonly (readonly [program: string, debian: string])[] = [
  ['make', 'make'],
  ['gcc', 'gcc'],
  ['ld', 'binutils'],
  ['flex', 'flex'],
  ['bison', 'bison'],
  ['bc', 'bc'],
  ['perl', 'perl'],
  ['tar', 'tar'],
  ['xz', 'xz-utils'],
];
const CROSS = 'i686-linux-gnu-';

/**
 * A kernel from Debian's source package with the committed configuration: some four minutes once,
 * then kept below `folder`. Rejects with `kernel-tools-missing`, which names the packages to install,
 * or `kernel-build-failed`; the output of make is in `kernel.log` of the folder.
 */
export async function sourceKernel(
  source: ObtainedPackage,
  folder: string,
  onStep: (step: string) => void,
  signal?: AbortSignal,
): Promise<BootKernel> {
  const fragment = await readFile(FRAGMENT, 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, source.sha256, fragment]))
    .digest('hex');
  const kept = join(folder, 'kernels', key.slice(0, 32));
  const there = await readKept(kept);
  if (there) return { ...there, version: source.version };
  await checkTools();
  await mkdir(kept, { recursive: true });
  await removeScratch(folder);
  const scratch = join(folder, `kernel-${pid}`);
  await mkdir(scratch);
  try {
    onStep(`unpacking ${source.name} ${source.version}`);
    await unpack(source, scratch);
    const make = maker(scratch, join(folder, 'kernel.log'), signal);
    onStep('configuring the kernel');
    await make(`KCONFIG_ALLCONFIG=${FRAGMENT}`, 'allnoconfig');
    const config = await readFile(join(scratch, '.config'), 'utf8');
    checkConfig(fragment, config);
    onStep('building the kernel');
    await make(`-j${cpus().length}`, 'bzImage');
    const release = await readFile(join(scratch, 'include/config/kernel.release'), 'utf8');
    await writeWhole(join(kept, 'config'), config);
    await writeWhole(join(kept, 'release'), release);
    // Last, since it says that the others are there.
    const image = await readFile(join(scratch, 'arch/x86/boot/bzImage'));
    await writeWhole(join(kept, 'bzImage'), image);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const built = await readKept(kept);
  if (!built) throw new Error(`${kept} is not there after it was written`);
  return { ...built, version: source.version };
}

/** What builds that were killed left: 1.5 GB each. */
async function removeScratch(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const builder = /^kernel-(\d+)$/.exec(name)?.[1];
    if (builder === undefined || (Number(builder) !== pid && isRunning(Number(builder)))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function readKept(folder: string): Promise<Omit<BootKernel, 'version'> | undefined> {
  const image = await readFile(join(folder, 'bzImage')).catch(() => undefined);
  if (!image) return undefined;
  const release = (await readFile(join(folder, 'release'), 'utf8')).trim();
  return { kind: 'source', release, image: new Uint8Array(image), modules: [] };
}

/** An x86 host's gcc makes 32-bit kernels as it is; others need a cross compiler. */
function tools(): readonly (readonly [program: string, debian: string])[] {
  if (arch === 'x64') return TOOLS;
  return TOOLS.map(([program, debian]) =>
    program === 'gcc' || program === 'ld'
      ? [`${CROSS}${program}`, `${debian}-i686-linux-gnu`]
      : [program, debian],
  );
}

async function checkTools(): Promise<void> {
  const missing: string[] = [];
  for (const [program, debian] of tools()) {
    const found = await run(program, ['--version']).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (!found) missing.push(debian);
  }
  // The kernel's build runs programs of its own on the host.
  if (arch !== 'x64' && missing.length > 0) missing.push('gcc');
  if (missing.length === 0) return;
  throw new EngineError(
    'kernel-tools-missing',
    `building the kernel needs programs that are not here: ${missing.join(', ')}`,
    {
      hint: `Run \`sudo apt-get install --no-install-recommends ${missing.join(' ')} libc6-dev\`, or take Debian's own kernel with --kernel=debian.`,
    },
  );
}

/** The package has one archive with the whole source. */
async function unpack(source: ObtainedPackage, into: string): Promise<void> {
  const deb = await readDeb(await readFile(source.path), source.name);
  const archive = deb.entries.find(({ path }) => /linux-source-[\d.]+\.tar\.xz$/.test(path));
  if (!archive) throw new EngineError('recipe-stale', `${source.name} has no source archive`);
  const file = join(into, 'source.tar.xz');
  await writeFile(file, await bytesOf(archive));
  const result = await run('tar', ['-x', '--strip-components=1', '-f', file], { cwd: into });
  await rm(file);
  if (result.code !== 0) throw new EngineError('kernel-build-failed', result.stderr.trim());
}

function maker(folder: string, log: string, signal: AbortSignal | undefined) {
  return async (...args: readonly string[]): Promise<void> => {
    const cross = arch === 'x64' ? [] : [`CROSS_COMPILE=${CROSS}`];
    const result = await run('make', ['-s', 'ARCH=i386', ...cross, ...args], {
      cwd: folder,
      // The same bytes whoever builds, and whenever.
      env: {
        KBUILD_BUILD_TIMESTAMP: '1970-01-01',
        KBUILD_BUILD_USER: 'semdistro',
        KBUILD_BUILD_HOST: 'semdistro',
        KBUILD_BUILD_VERSION: '1',
      },
      signal,
    });
    if (result.code === 0) return;
    const said = result.stdout + result.stderr;
    await writeWhole(log, said);
    throw new EngineError(
      'kernel-build-failed',
      `the kernel could not be built: ${said.trim().split('\n').slice(-3).join('\n')}`,
      { hint: `All that make said is in ${log}.` },
    );
  };
}

/**
 * Whether every line of the fragment holds: kconfig leaves out silently what depends on something
 * that is off. Rejects with `kernel-build-failed` naming the first that does not.
 */
export function checkConfig(fragment: string, config: string): void {
  const set = new Set(config.split('\n'));
  for (const line of fragment.split('\n')) {
    if (!line.startsWith('CONFIG_')) continue;
    const name = line.replace(/=.*$/, '');
    const off = line.endsWith('=n');
    if (off ? !config.includes(`\n${name}=`) : set.has(line)) continue;
    throw new EngineError('kernel-build-failed', `the configuration does not keep ${line}`, {
      hint: `Mend ${FRAGMENT}: something it depends on is off, or something that is on needs it.`,
    });
  }
}
