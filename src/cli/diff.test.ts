import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { file } from '../testing/entries.ts';
import { addTestImage } from '../testing/images.ts';
import { diff } from './diff.ts';
import { openEngine } from './engine-home.ts';
import { layers } from './layers.ts';

const home = mkdtempSync(join(tmpdir(), 'semdistro-diff-'));

beforeAll(async () => {
  vi.stubEnv('SEMDISTRO_HOME', home);
  vi.stubEnv('SEMDISTRO_PANTRY', join(home, 'no-pantry'));
  const engine = await openEngine();
  for (const [name, text] of [
    ['app:1', 'one'],
    ['app:2', 'three'],
  ] as const) {
    const rows = [
      { by: 'COPY base / # buildkit', entries: [file('base', 'x'.repeat(2000))] },
      { by: 'COPY app / # buildkit', entries: [file('app', text), file('base', '')] },
    ];
    await addTestImage(engine, name, { rows, config: { User: name }, lines: [2, 3] });
  }
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

type Command = typeof diff;

async function run(command: Command, ...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const output = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  return { code: await command(args, output), stdout, stderr };
}

describe('semdistro diff', () => {
  test('shows what changed, and exits with 1', async () => {
    const { code, stdout } = await run(diff, 'app:1', 'app:2');
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^\+ app:2 {2}[0-9a-f]{12} {2}linux\/amd64 {2}2kB, of it 2kB hidden$/),
      '  +2B in all',
      '',
      'History',
      '  -      3B  COPY app / # buildkit  (line 3)',
      '  +      5B  COPY app / # buildkit  (line 3)',
      '',
      'Layers',
      '  shared  1  2kB',
      '  removed 1  3B',
      '  added   1  5B',
      '',
      'Configuration',
      '  - User=app:1',
      '  + User=app:2',
      '',
      'Files changed',
      '  ~      5B  /app  (content)',
      '',
    ]);
  });

  test('an image and itself: no differences, exit code 0', async () => {
    const { code, stdout } = await run(diff, 'app:1', 'app:1');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(2)).toEqual(['No differences.', '']);
  });

  test('--json is the whole report', async () => {
    const { stdout } = await run(diff, '--json', 'app:1', 'app:2');
    expect(JSON.parse(stdout)).toMatchObject({
      identical: false,
      from: { name: 'app:1', size: 2003, wasted: 2000 },
      files: {
        changed: [{ path: 'app', from: { size: 3 }, to: { size: 5 }, differs: ['content'] }],
      },
    });
  });

  test('an image that is nowhere: not "they differ" but exit code 2', async () => {
    await expect(run(diff, 'app:1', 'nope')).rejects.toMatchObject({
      code: 'image-unknown',
      message: 'No such image: nope:latest',
      exitCode: 2,
    });
  });

  test.each([
    [['app:1'], 'needs 2 images, got 1'],
    [['--nope', 'a', 'b'], "Unknown option '--nope'"],
  ])('wrong arguments %j are named, exit code 2', async (args, why) => {
    const { code, stderr } = await run(diff, ...args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `semdistro diff: ${why}\nSee \`semdistro diff --help\`.\n`,
    });
  });
});

describe('semdistro layers', () => {
  test('lists each layer with its instruction, line, files and what is hidden', async () => {
    const { code, stdout } = await run(layers, 'app:1');
    expect(code).toBe(0);
    expect(stdout.replace(/[0-9a-f]{12}/g, 'ID').split('\n')).toEqual([
      '  1      2kB  ID  COPY base / # buildkit  (line 2)',
      '         2kB  + /base',
      '              2kB of it hidden by later layers',
      '',
      '  2       3B  ID  COPY app / # buildkit  (line 3)',
      '          3B  + /app',
      '          0B  ~ /base',
      '',
    ]);
  });

  test('--json has every file, sizes in bytes', async () => {
    const { stdout } = await run(layers, '--json', 'app:1');
    expect(JSON.parse(stdout)).toMatchObject([
      { index: 0, size: 2000, line: 2, files: [{ path: 'base', size: 2000, change: 'added' }] },
      { index: 1, size: 3, line: 3 },
    ]);
  });
});
