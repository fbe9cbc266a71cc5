import { join } from 'node:path';
import { openEngine } from '../cli/engine-home.ts';
import { realDocker } from '../testing/real-docker.ts';
import { file } from '../testing/entries.ts';
import { addTestImage } from '../testing/images.ts';
import { runDocker } from '../testing/session.ts';
import { inFolder, timedEach } from './commands.ts';
import type { Group } from './group.ts';
import type { Measurement } from './row.ts';

const RUNS = 9;
const IMAGES = 200;
const name = (index: number): string => `semdistro-bench:store-${index}`;

/** Questions to a store of 200 images: a store opened afresh, in this process; Docker as a command. */
export const store: Group = {
  name: 'store',
  about: 'docker images, history and inspect with 200 images in the store',
  measure: async function* () {
    yield* await inFolder(measureStore);
  },
};

async function measureStore(folder: string): Promise<readonly Measurement[]> {
  const home = join(folder, 'home');
  const open = () => openEngine({ home });
  const maker = await open();
  for (let index = 0; index < IMAGES; index++) {
    const entries = [file(`file-${index}`, `content ${index}`)];
    const rows = [{ by: `COPY ${index} /`, entries }, { by: 'CMD ["/x"]' }];
    await addTestImage(maker, name(index), { rows, config: { Labels: { index: String(index) } } });
  }
  const all = Array.from({ length: IMAGES }, (_, index) => name(index));
  const docker = realDocker();
  if (docker) {
    const archive = join(folder, 'archive.tar');
    await runDocker(maker, ['save', '-o', archive, ...all]);
    await docker.ok(['load', '-i', archive]);
  }
  const measurements: Measurement[] = [];
  for (const command of ['images', 'history', 'inspect'] as const) {
    const args = command === 'images' ? [command] : [command, name(IMAGES / 2)];
    measurements.push({
      id: `store.${command}`,
      name: `docker ${command}, 200 images`,
      unit: 'ms',
      runs: await timedEach(RUNS, async () => runDocker(await open(), args)),
      reference: docker ? await timedEach(RUNS, () => docker.ok(args)) : [],
      goal: { of: 'value', is: '<', limit: 50 },
      ...(!docker && { reason: 'no real Docker to compare with' }),
    });
  }
  await docker?.run(['rmi', '-f', ...all]);
  return measurements;
}
