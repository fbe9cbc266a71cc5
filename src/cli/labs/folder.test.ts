import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineTrouble } from '../../verify/engine.ts';
import { textOf, withFiles } from '../../verify/folder.ts';
import { readFolder, writeFolder, type ReadOptions } from './folder.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'semdistro-folder-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

async function names(options?: ReadOptions): Promise<readonly string[]> {
  return [...(await readFolder(dir, options)).folder.keys()];
}

describe('reading a folder', () => {
  it('gives every file, with what is in it', async () => {
    await put({ Dockerfile: 'FROM scratch', 'src/a/main.go': 'main', '.env': 'TOKEN=1' });
    await writeFile(join(dir, 'run.sh'), '#!/bin/sh', { mode: 0o755 });
    const { folder } = await readFolder(dir);
    expect([...folder.keys()]).toEqual(['.env', 'Dockerfile', 'run.sh', 'src/a/main.go']);
    expect(textOf(folder, 'src/a/main.go')).toBe('main');
    expect(folder.get('run.sh')?.executable).toBe(true);
    expect(folder.get('.env')?.executable).toBe(false);
  });

  it('leaves out what .dockerignore drops, but not what the lab asks for', async () => {
    await put({ '.dockerignore': '*\n!src\nsrc/*.log\n', 'src/a.go': '', 'src/a.log': '' });
    await put({ Dockerfile: '', 'answers.yaml': '', 'node_modules/x/index.js': '' });
    expect(await names()).toEqual(['.dockerignore', 'src/a.go']);
    const always = (path: string): boolean => ['Dockerfile', 'answers.yaml'].includes(path);
    expect(await names({ always })).toEqual([
      '.dockerignore',
      'Dockerfile',
      'answers.yaml',
      'src/a.go',
    ]);
  });

  it.each([
    ['there is an ignore file for one Dockerfile', { 'app.Dockerfile.dockerignore': 'b' }],
    ['a pattern is broken', { '.dockerignore': 'a.txt\n[' }],
  ])('leaves nothing out when %s', async (_, files) => {
    await put({ '.dockerignore': 'a.txt', 'a.txt': '' });
    expect(await names()).toEqual(['.dockerignore']);
    await put(files);
    expect(await names()).toContain('a.txt');
  });

  it('leaves out what this program keeps there', async () => {
    await put({
      '.semdistro.json': '{}',
      '.semdistro/x': '',
      '.semdistrox': '',
      'a/.semdistro': '',
    });
    expect(await names()).toEqual(['.semdistrox', 'a/.semdistro']);
  });

  it('follows links that stay in the folder, and says which do not', async () => {
    await put({ 'real.txt': 'real', 'sub/a.txt': 'a' });
    await symlink('real.txt', join(dir, 'inside'));
    await symlink('/etc/passwd', join(dir, 'outside'));
    await symlink('nowhere', join(dir, 'dangling'));
    await symlink('.', join(dir, 'loop'));
    await symlink('self', join(dir, 'self'));
    const { folder, leftOut } = await readFolder(dir);
    expect([...folder.keys()]).toEqual(['inside', 'real.txt', 'sub/a.txt']);
    expect(textOf(folder, 'inside')).toBe('real');
    expect(leftOut.map(({ path }) => path)).toEqual(['dangling', 'loop', 'outside', 'self']);
  });

  it.each([
    ['bytes', { maxBytes: 100 }],
    ['files', { maxFiles: 3 }],
  ])('refuses too many %s, and names where they are', async (_, limits) => {
    await put({ Dockerfile: 'x', 'vendor/a': 'a'.repeat(60), 'vendor/b': 'b'.repeat(60), z: '' });
    expect(await names()).toHaveLength(4);
    const failure: unknown = await readFolder(dir, limits).catch((error: unknown) => error);
    if (!(failure instanceof EngineTrouble)) throw new Error('not refused');
    expect(failure.code).toBe('too-large');
    expect(failure.words['pt-BR']).toContain('`vendor`');
    expect(failure.advice?.en).toContain('`.dockerignore`');
  });

  it('that is not there says so', async () => {
    await expect(readFolder(join(dir, 'no'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('writing a folder', () => {
  it('gives what reading gives back, and leaves other files alone', async () => {
    await put({ 'mine.txt': 'mine', Dockerfile: 'old' });
    await writeFolder(dir, withFiles(new Map(), { Dockerfile: 'new', 'src/main.go': 'main' }));
    await writeFolder(dir, new Map([['run', { bytes: new Uint8Array([1]), executable: true }]]));
    expect(await names()).toEqual(['Dockerfile', 'mine.txt', 'run', 'src/main.go']);
    expect(await readFile(join(dir, 'Dockerfile'), 'utf8')).toBe('new');
    expect((await stat(join(dir, 'run'))).mode & 0o111).not.toBe(0);
  });

  it('replaces a link instead of writing through it', async () => {
    await put({ 'other/target': 'kept' });
    await symlink('other/target', join(dir, 'Dockerfile'));
    await writeFolder(dir, withFiles(new Map(), { Dockerfile: 'new' }));
    expect(await readFile(join(dir, 'other', 'target'), 'utf8')).toBe('kept');
    expect(await readFile(join(dir, 'Dockerfile'), 'utf8')).toBe('new');
  });
});
