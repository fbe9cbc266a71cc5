import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, openEngine } from '../src/cli/engine-home.ts';
import { nodeMachine } from '../src/cli/machine.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Records } from '../src/engine/store/port.ts';
import { exportSteps } from '../src/pantry/build-steps.ts';
import { openLayout } from '../src/pantry/layout.ts';
import { runDocker } from '../src/testing/session.ts';

const IMAGE = 'semdistro-newcomer';

/**
 * What the processes of a build leave, by its files, in the folder `to`: laid over the pantry of a site
 * it is what `semdistro pantry steps` publishes. Minutes of compiling, unless the proof of the labs has
 * built the same, in whose store this builds; an emulated machine in a browser has just as many.
 */
export async function publishSteps(
  files: Readonly<Record<string, string>>,
  to: string,
): Promise<void> {
  const cacheDir = cacheFolder(process.env);
  const kept = await openEngine({ home: join(cacheDir, 'proof') });
  const machine = nodeMachine({ cacheDir, sources: kept });
  const { records, met } = noting(kept.store.records);
  const engine: Engine = {
    ...kept,
    store: { ...kept.store, records },
    processHost: machine.host,
  };
  const folder = await mkdtemp(join(tmpdir(), 'semdistro-newcomer-'));
  try {
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    const { code, stderr } = await runDocker(engine, ['build', '-t', IMAGE, '.'], { cwd: folder });
    if (code !== 0) throw new Error(stderr);
    const only: Records = { ...records, keys: () => listed(met) };
    const built = { ...engine, store: { ...engine.store, records: only } };
    await exportSteps(built, openLayout(to));
    await runDocker(engine, ['rmi', IMAGE]);
  } finally {
    await machine.close();
    await rm(folder, { recursive: true });
  }
}

/** Records that remember which of the build cache were asked for. */
function noting(of: Records): { readonly records: Records; readonly met: ReadonlySet<string> } {
  const met = new Set<string>();
  const records: Records = {
    get(space, key) {
      if (space === 'cache') met.add(key);
      return of.get(space, key);
    },
    update: (space, key, change) => of.update(space, key, change),
    keys: (space) => of.keys(space),
  };
  return { records, met };
}

async function* listed(keys: Iterable<string>): AsyncGenerator<string> {
  yield* keys;
}
