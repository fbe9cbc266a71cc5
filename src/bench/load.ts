import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDocker } from '../testing/real-docker.ts';
import { inFolder, peakMemory, semdistro, timedEach } from './commands.ts';
import type { Group } from './group.ts';
import type { Measurement } from './row.ts';

const RUNS = 5;
const TAG = 'semdistro-bench:load';

/** An archive of 100 MB that does not compress, in ten layers. Whole commands on both sides. */
export const load: Group = {
  name: 'load',
  about: 'docker load of an archive of 100 MB',
  measure: async function* () {
    yield* await inFolder(measureLoad);
  },
};

async function measureLoad(folder: string): Promise<readonly Measurement[]> {
  const archive = join(folder, 'archive.tar');
  await writeArchive(folder, archive);
  const home = join(folder, 'home');
  const args = ['docker', 'load', '-i', archive];
  const emptied = async (): Promise<void> => {
    rmSync(home, { recursive: true, force: true });
  };
  const runs = await timedEach(RUNS, () => semdistro(home, args), emptied);
  const memory: number[] = [];
  await timedEach(RUNS, async () => memory.push(await peakMemory(home, args)), emptied);
  const docker = realDocker();
  const reference = docker
    ? await timedEach(
        RUNS,
        () => docker.ok(['load', '-i', archive]),
        () => docker.run(['rmi', '-f', TAG]),
      )
    : [];
  await docker?.run(['rmi', '-f', TAG]);
  const reason = docker ? {} : { reason: 'no real Docker to compare with' };
  return [
    {
      ...{ id: 'load.time', name: 'docker load, 100 MB', unit: 'ms', runs, reference },
      goal: { of: 'ratio', is: '<=', limit: 1 },
      ...reason,
    },
    {
      ...{ id: 'load.memory', name: 'docker load, 100 MB, peak memory', unit: 'B' },
      runs: memory.slice(1),
      goal: { of: 'value', is: '<', limit: 200_000_000 },
    },
  ];
}

async function writeArchive(folder: string, archive: string): Promise<void> {
  const context = join(folder, 'context');
  mkdirSync(context);
  const layers = Array.from({ length: 10 }, (_, index) => `f${index}`);
  for (const name of layers) writeFileSync(join(context, name), randomBytes(10_000_000));
  const lines = ['FROM scratch', ...layers.map((name) => `COPY ${name} /`)];
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  const home = join(folder, 'maker');
  await semdistro(home, ['docker', 'build', '-t', TAG, context]);
  await semdistro(home, ['docker', 'save', '-o', archive, TAG]);
}
