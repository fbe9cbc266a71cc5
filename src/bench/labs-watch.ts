import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { loadLab } from '../cli/labs/find.ts';
import { writeFolder } from '../cli/labs/folder.ts';
import { readMarker } from '../cli/labs/marker.ts';
import { commandWords } from '../cli/labs/words/index.ts';
import { variantFolder } from '../labs/variants.ts';
import { pinnedNode, repository } from '../setup/paths.mjs';
import { inFolder } from './commands.ts';
import type { Measurement } from './row.ts';

/** One whose images are only looked at, and one whose program is run. */
const LABS = ['o-que-e', 'go-static'];
/** Of no build. */
const SAVED = 'notas.txt';
const SAVES = 5;
const PATIENCE = 10 * 60 * 1000;

/** From a save that changes nothing in the build to the verdict, in the built-in engine. */
export async function* watchTimes(home: string): AsyncGenerator<Measurement> {
  for (const slug of LABS) {
    yield {
      ...{ id: `labs.watch-${slug}`, name: `${slug}: watch, from save to verdict`, unit: 'ms' },
      runs: await inFolder((folder) => timesOf(slug, { home, folder: join(folder, slug) })),
      goal: { of: 'value', is: '<=', limit: 1000 },
    };
  }
}

async function timesOf(
  slug: string,
  { home, folder }: { readonly home: string; readonly folder: string },
): Promise<readonly number[]> {
  await ended(semdistro(home, ['start', slug, folder]));
  const marker = await readMarker(folder, commandWords.en);
  const lab = await loadLab(slug);
  await writeFolder(folder, variantFolder(lab, 'solution', marker?.nonce ?? {}));
  const watch = semdistro(home, ['watch', slug, '--dir', folder, '--engine', 'embedded']);
  try {
    const verdicts = verdictsOf(watch);
    await verdicts.next();
    const times: number[] = [];
    for (let save = 0; save < SAVES; save++) {
      const began = performance.now();
      appendFileSync(join(folder, SAVED), 'saved\n');
      await verdicts.next();
      times.push(performance.now() - began);
    }
    return times;
  } finally {
    watch.kill('SIGINT');
    await ended(watch).catch(() => undefined);
  }
}

function semdistro(home: string, args: readonly string[]): ChildProcess {
  return spawn(pinnedNode(), [join(repository, 'src/cli/bin.mjs'), ...args, '--lang', 'en'], {
    env: { ...env, SEMDISTRO_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The lines that end a report, as they come. Rejects at one that is no pass. */
function verdictsOf({ stdout }: ChildProcess): { next(): Promise<void> } {
  let text = '';
  let tell: () => void = () => undefined;
  stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    tell();
  });
  return {
    async next() {
      const late = AbortSignal.timeout(PATIENCE);
      for (;;) {
        const found = /\d+ passed( · \d+ (?:failed|broken).*)? · [\d.]+ s/.exec(text);
        if (found) {
          text = text.slice(found.index + found[0].length);
          if (found[1] !== undefined) throw new Error(`watch says ${found[0]}`);
          return;
        }
        if (late.aborted) throw new Error(`watch came to no verdict: ${text}`);
        await new Promise<void>((resolve) => {
          tell = resolve;
          late.addEventListener('abort', () => {
            resolve();
          });
        });
      }
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve));
  }
  if (child.exitCode !== 0)
    throw new Error(`semdistro exited with ${child.exitCode ?? 'a signal'}`);
}
