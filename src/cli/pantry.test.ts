import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDigest } from '../engine/oci/digest.ts';
import { pantry } from './pantry.ts';
import { listTable } from './pantry-list.ts';
import { progressLine } from './progress-line.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-pantry-cli-'));
  vi.stubEnv('SEMDISTRO_CACHE', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await pantry(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

describe('semdistro pantry', () => {
  it.each([[[]], [['--help']]])('%j says what there is, with examples', async (args) => {
    const { code, stdout } = await run(...args);
    expect(code).toBe(0);
    for (const word of ['build', 'list', 'verify', 'export', 'lock', 'Examples:']) {
      expect(stdout).toContain(word);
    }
  });

  it.each(['build', 'list', 'verify', 'export', 'lock'])('%s --help has examples', async (name) => {
    const { code, stdout } = await run(name, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage:  semdistro pantry ${name}[^]*\nExamples:\n  \\S`));
  });

  it.each([
    [['bake'], "semdistro pantry: 'bake' is not a command.\nSee `semdistro pantry --help`.\n"],
    [
      ['buidl'],
      "semdistro pantry: 'buidl' is not a command (did you mean build?).\nSee `semdistro pantry --help`.\n",
    ],
    [
      ['build', '--fast'],
      "semdistro pantry build: Unknown option '--fast'\nSee `semdistro pantry build --help`.\n",
    ],
    [
      ['list', '--platform', 'linux/386'],
      'semdistro pantry list: unknown option --platform\nSee `semdistro pantry list --help`.\n',
    ],
    [
      ['build', '--platform', 'linux/s390x'],
      'semdistro pantry build: unknown platform linux/s390x: one of linux/386, linux/amd64, linux/arm64\nSee `semdistro pantry build --help`.\n',
    ],
    [
      ['export', '-o', ''],
      'semdistro pantry export: -o DIR is required: where the archives go\nSee `semdistro pantry export --help`.\n',
    ],
    [
      ['export'],
      'semdistro pantry export: -o DIR is required: where the archives go\nSee `semdistro pantry export --help`.\n',
    ],
  ])('%j is misuse, exit code 2', async (args, message) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr: message });
  });

  it('fails with one message where its folder is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    vi.stubEnv('SEMDISTRO_CACHE', file);
    expect(await run('list')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `semdistro pantry list: cannot read ${join(file, 'pantry/index.json')}\nLook at who owns it, and that nothing else is in the place of its folder.\n`,
    });
    const { code, stderr } = await run('build', 'busybox');
    expect(code).toBe(1);
    expect(stderr).toContain('something else is in the place of');
  });

  it('says that an empty pantry is empty, and how to fill it', async () => {
    expect(await run('list')).toEqual({
      code: 0,
      stdout: 'The pantry is empty. Fill it: semdistro pantry build\n',
      stderr: '',
    });
    expect((await run('list', '--json')).stdout).toBe('[]\n');
    expect((await run('verify')).code).toBe(0);
    expect((await run('list', '--all')).stdout).toMatch(/\nbusybox:1\.37 +linux\/386 +not built /);
  });

  it('fails with one message for an image that is not there or not built', async () => {
    expect(await run('build', 'redis:7')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'semdistro pantry build: the pantry has no image redis:7 (did you mean redis?)\nSee `semdistro pantry list --all` for what there is.\n',
    });
    expect(await run('export', 'busybox', '-o', join(folder, 'out'))).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'semdistro pantry export: busybox/busybox for linux/amd64 is not built\nRun `semdistro pantry build --platform linux/amd64 busybox/busybox` first.\n',
    });
  });
});

describe('the table of images', () => {
  const image = {
    reference: 'node:24-slim',
    platform: 'linux/386',
    size: 126_000_000,
    compressed: 1,
    layers: 5,
    standsInFor: 'docker.io/library/node:24-slim',
    differs: ['Node is version 20.', 'There is no Yarn.'],
    manifest: parseDigest(`sha256:${'0'.repeat(64)}`),
  };

  it('has the difference that sets an image apart, and how many there are more', () => {
    expect(listTable([image], { trunc: true })).toBe(
      [
        'REFERENCE      PLATFORM    SIZE    LAYERS   STANDS IN FOR                    DIFFERS IN',
        'node:24-slim   linux/386   126MB   5        docker.io/library/node:24-slim   Node is version 20. (+1)',
        '',
      ].join('\n'),
    );
  });

  it('has all of them with --no-trunc', () => {
    expect(listTable([image], { trunc: false })).toContain(
      'Node is version 20. There is no Yarn.\n',
    );
  });
});

describe('the line of progress', () => {
  it('is nothing where the output is no terminal', () => {
    let written = '';
    const line = progressLine({ write: (text) => (written += text) }, false);
    line.show({ step: 'layers', done: 1, total: 2 });
    line.clear();
    expect(written).toBe('');
  });

  it('says how far it is after a second, and clears up', () => {
    vi.useFakeTimers();
    let written = '';
    const line = progressLine(
      { isTTY: true, columns: 60, write: (text) => (written += text) },
      false,
    );
    line.show({ step: 'layers', done: 1, total: 4 });
    expect(written).toBe('');
    vi.advanceTimersByTime(1500);
    line.show({ step: 'layers', done: 1, total: 4 });
    line.clear();
    vi.useRealTimers();
    expect(written).toBe('\r\u001b[K██████░░░░░░░░░░░░░░░░░░  25%  layers\r\u001b[K');
  });
});
