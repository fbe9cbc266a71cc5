// `npm run build`: dist/, whole, with what the machine in the page eats.

import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createIndex, close } from 'pagefind';
import { passSignalsOn, run, signalCode } from '../child.mjs';
import { pinnedNode, repository } from '../paths.mjs';
import { siteInputs, STAMP } from './inputs.mjs';
import { publishMachine, publishPantry } from './published.ts';

/** Built beside dist/, which is there until the new one is whole; two builds at once do not meet. */
const NEXT = join(repository, '.cache', 'site', `next-${process.pid}`);

async function build(): Promise<number> {
  const cache = join(repository, '.cache');
  if (!existsSync(join(cache, 'machine', 'machine.json'))) {
    process.stderr.write('the machine and its images are not there yet: run `npm run setup`\n');
    return 1;
  }
  const inputs = siteInputs(repository);
  await mkdir(NEXT, { recursive: true });
  const astro = join(repository, 'node_modules', 'astro', 'bin', 'astro.mjs');
  const ended = await run([pinnedNode(), astro, 'build', '--outDir', NEXT], { cwd: repository });
  if (ended.interrupted !== undefined) return signalCode(ended.interrupted);
  if (ended.code !== 0) return ended.code;
  await indexForSearch(NEXT);
  await publishPantry(join(cache, 'pantry'), join(NEXT, 'pantry'));
  await publishMachine(join(cache, 'machine'), join(NEXT, 'machine'));
  await writeFile(join(NEXT, STAMP), inputs);
  const dist = join(repository, 'dist');
  await rm(dist, { recursive: true, force: true });
  await rename(NEXT, dist);
  return 0;
}

/** Search boxes of Pagefind's own, which no page here has. */
const PAGEFIND_PANELS = /^pagefind-(?:ui|modular-ui|component-ui|highlight)\./;

/** Pagefind reads the pages that say that they may be found, an index per language. */
async function indexForSearch(folder: string): Promise<void> {
  const { index, errors } = await createIndex();
  if (index === undefined) throw new Error(errors.join('\n'));
  const added = await index.addDirectory({ path: folder });
  const made = await index.getFiles();
  await close();
  const failed = [...added.errors, ...made.errors];
  if (failed.length > 0) throw new Error(failed.join('\n'));
  for (const { path, content } of made.files) {
    if (PAGEFIND_PANELS.test(path)) continue;
    await mkdir(dirname(join(folder, 'pagefind', path)), { recursive: true });
    await writeFile(join(folder, 'pagefind', path), content);
  }
}

passSignalsOn();
try {
  process.exitCode = await build();
} finally {
  await rm(NEXT, { recursive: true, force: true });
}
