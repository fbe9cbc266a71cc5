import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodePlatform } from '../cli/node-platform.ts';
import type { Engine } from '../engine/engine.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { buildFiles, type TestBuild, testEngine } from '../testing/build.ts';
import { file } from '../testing/entries.ts';
import { fakeHost } from '../testing/process-host.ts';
import { exportSteps, STEPS_FILE } from './build-steps.ts';
import { openLayout } from './layout.ts';
import { pantrySource } from './source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'semdistro-steps-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const LINES =
  'FROM scratch AS b\nCOPY a /\nRUN make\nFROM scratch\nCOPY --from=b /made /\nRUN more\n';

/** An engine whose processes leave a file, and what it ran. */
function engineWith(options: Partial<Engine> = {}) {
  const { host, started } = fakeHost(({ process }) => ({
    changes: [file('made', process.argv.at(-1) ?? '')],
  }));
  const engine: Engine = { ...testEngine(host), platform: nodePlatform(), ...options };
  return { engine: { ...engine, store: memoryStore(engine.platform) }, started };
}

function notes({ events }: TestBuild): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'status' && event.done && event.name.startsWith('imported') ? [event.name] : [],
  );
}

async function exported(): Promise<void> {
  const { engine } = engineWith();
  await buildFiles(engine, LINES, { a: '1' });
  expect(await exportSteps(engine, openLayout(folder))).toBe(2);
}

describe('steps that ran elsewhere', () => {
  test('are cached, and said to be imported', async () => {
    await exported();
    const { engine, started } = engineWith({ sources: [pantrySource(folder)] });
    const result = await buildFiles(engine, LINES, { a: '1' });
    expect(started).toEqual([]);
    expect(result.cached).toEqual(['[b 2/2] RUN make', '[stage-1 2/2] RUN more']);
    expect(notes(result)).toEqual([
      'imported from the pantry: this very step ran there, not here',
      'imported from the pantry: this very step ran there, not here',
    ]);
    const made = (await result.tree()).get('made')?.entry.content;
    expect(new TextDecoder().decode(await made?.read(0, 99))).toBe('more');
  });

  test.for([
    // It leaves what it left before, so that the next step is the same again.
    ['another file', LINES, { a: '2' }, ['make']],
    ['another command', LINES.replace('RUN more', 'RUN other'), { a: '1' }, ['other']],
    ['the same', LINES, { a: '1' }, []],
  ] as const)('%s: what is edited runs', async ([, lines, files, ran]) => {
    await exported();
    const { engine, started } = engineWith({ sources: [pantrySource(folder)] });
    await buildFiles(engine, lines, files);
    expect(started.map(({ process }) => process.argv.at(-1))).toEqual(ran);
  });

  test('run with --no-cache', async () => {
    await exported();
    const { engine, started } = engineWith({ sources: [pantrySource(folder)] });
    await buildFiles(engine, LINES, { a: '1' }, { noCache: true });
    expect(started).toHaveLength(2);
  });

  test('that this store has itself are not imported', async () => {
    await exported();
    const { engine } = engineWith();
    await buildFiles(engine, LINES, { a: '1' });
    const both = { ...engine, sources: [pantrySource(folder)] };
    const result = await buildFiles(both, LINES, { a: '1' });
    expect(result.cached).toContain('[b 2/2] RUN make');
    expect(notes(result)).toEqual([]);
  });

  test.for([['{}'], ['not JSON'], ['{"steps":{"x":1}}']] as const)(
    'a record that makes no sense is none: %s',
    async ([text]) => {
      await writeFile(join(folder, STEPS_FILE), text);
      const { engine, started } = engineWith({ sources: [pantrySource(folder)] });
      await buildFiles(engine, LINES, { a: '1' });
      expect(started).toHaveLength(2);
    },
  );

  test('whose layer is gone run again', async () => {
    await exported();
    rmSync(join(folder, 'blobs'), { recursive: true });
    const { engine, started } = engineWith({ sources: [pantrySource(folder)] });
    await buildFiles(engine, LINES, { a: '1' });
    expect(started).toHaveLength(2);
  });

  test('are added to those that are there', async () => {
    await exported();
    const { engine } = engineWith();
    await buildFiles(engine, 'FROM scratch\nRUN third\n');
    await exportSteps(engine, openLayout(folder));
    const { engine: importing, started } = engineWith({ sources: [pantrySource(folder)] });
    await buildFiles(importing, LINES, { a: '1' });
    await buildFiles(importing, 'FROM scratch\nRUN third\n');
    expect(started).toEqual([]);
  });
});
