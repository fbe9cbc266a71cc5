import { access, constants, stat, statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { EngineError } from '../engine/errors.ts';
import { humanSize } from '../engine/format/size.ts';
import { V86_VERSION } from '../machine/emulator/options.ts';
import { readMachine, readSnapshot } from '../pantry/machine/record.ts';
import { pantrySource } from '../pantry/source.ts';
import { cacheFolder, engineHome, pantryFolder } from './engine-home.ts';
import type { Output } from './output.ts';

export const doctorHelp = `Usage:  semdistro doctor

What this installation is made of, and whether all of it is there. The exit
code is 1 when something is missing.
`;

/** One line of the report. */
interface Finding {
  readonly name: string;
  readonly value: string;
  /** What to do when it is missing. */
  readonly missing?: string;
}

/** `semdistro doctor`. */
export async function doctor(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
  const [word] = args;
  if (word === '--help' || word === '-h') {
    stdout.write(doctorHelp);
    return 0;
  }
  if (word !== undefined) {
    stderr.write(`semdistro doctor: takes no arguments\nSee \`semdistro doctor --help\`.\n`);
    return 2;
  }
  const findings = await findingsOf(process.env);
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, value, missing } of findings) {
    stdout.write(`${name.padEnd(width)}  ${value}\n`);
    if (missing !== undefined) stdout.write(`${''.padEnd(width)}  ${missing}\n`);
  }
  return findings.some(({ missing }) => missing !== undefined) ? 1 : 0;
}

async function findingsOf(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  return [
    { name: 'Node', value: process.version },
    ...(await machineFindings(cacheFolder(env))),
    await pantryFinding(pantryFolder(env)),
    await homeFinding(engineHome(env)),
  ];
}

async function machineFindings(cacheDir: string): Promise<readonly Finding[]> {
  const made = await readMachine(cacheDir);
  if (!made) {
    return [{ name: 'Machine', value: 'not made yet', missing: 'Make it with `npm start`.' }];
  }
  const { kernel, snapshot, size, memory, v86 } = made;
  const origin = kernel.kind === 'source' ? 'built from Debian’s source' : 'Debian’s own';
  const fits = v86 === V86_VERSION;
  const damage = await readSnapshot(made).then(
    () => undefined,
    (error: unknown) => (error instanceof EngineError ? error : undefined),
  );
  return [
    { name: 'Kernel', value: `Linux ${kernel.release}, ${origin} (${kernel.version})` },
    {
      ...{ name: 'Snapshot', value: `${basename(snapshot)}, ${humanSize(size)}` },
      ...(damage !== undefined && { missing: `${damage.message}: ${damage.hint ?? ''}` }),
    },
    { name: 'Memory', value: humanSize(memory) },
    {
      ...{ name: 'Emulator', value: `v86 ${V86_VERSION}` },
      ...(!fits && {
        missing: `The snapshot is for v86 ${v86}: make it again with \`npm start\`.`,
      }),
    },
  ];
}

async function pantryFinding(directory: string): Promise<Finding> {
  const images = await pantrySource(directory).list();
  const [name, value] = ['Pantry', `${images.length} images in ${directory}`];
  return images.length > 0
    ? { name, value }
    : { name, value, missing: 'Build it with `npm start`, or `semdistro pantry build`.' };
}

async function homeFinding(home: string): Promise<Finding> {
  // It is made by the first command that keeps something: until then what it would be made in counts.
  for (let at = home; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (!found && dirname(at) !== at) continue;
    const another = 'or name another one in SEMDISTRO_HOME.';
    if (found?.isDirectory() !== true) {
      const value = `${home}: a file is in its way`;
      return { name: 'Home', value, missing: `Move ${at} away, ${another}` };
    }
    // To root everything looks writable, /sys too: a file system without any room is none to keep in.
    const { bavail, bsize } = await statfs(at);
    const mayWrite = await access(at, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!mayWrite) {
      const value = `${home}: permission denied`;
      return { name: 'Home', value, missing: `Make ${at} writable for you, ${another}` };
    }
    const value = `${home}, ${humanSize(bsize * bavail)} free`;
    if (bavail > 0) return { name: 'Home', value };
    return { name: 'Home', value, missing: `Free some space there, ${another}` };
  }
}
