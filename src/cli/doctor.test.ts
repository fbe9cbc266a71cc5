import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { doctor } from './doctor.ts';

const root = await mkdtemp(join(tmpdir(), 'semdistro-doctor-'));
afterAll(() => rm(root, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

async function home(path: string): Promise<{ readonly code: number; readonly lines: string[] }> {
  vi.stubEnv('SEMDISTRO_HOME', path);
  vi.stubEnv('SEMDISTRO_CACHE', join(root, 'cache'));
  let text = '';
  const output = { write: (piece: string) => ((text += piece), true) };
  const code = await doctor([], { stdout: output, stderr: output });
  const lines = text.split('\n');
  return { code, lines: lines.slice(lines.findIndex((line) => line.startsWith('Home'))) };
}

it('says how much room there is where things are kept, even before the folder is there', async () => {
  const { lines } = await home(join(root, 'not', 'yet'));
  expect(lines[0]).toMatch(/^Home +\/.*\/not\/yet, [0-9.]+.?B free$/);
  expect(lines[1]).toBe('');
});

it('says when a file is where the folder would be', async () => {
  await writeFile(join(root, 'file'), '');
  const { code, lines } = await home(join(root, 'file', 'home'));
  expect(code).toBe(1);
  expect(lines[0]).toContain('a file is in its way');
  expect(lines[1]).toContain(`Move ${join(root, 'file')} away, or name another one`);
});

it('says when the folder cannot be written to', async ({ skip }) => {
  if (process.getuid?.() === 0) return skip('root may write everywhere');
  await mkdir(join(root, 'closed'));
  await chmod(join(root, 'closed'), 0o500);
  const { code, lines } = await home(join(root, 'closed'));
  expect(code).toBe(1);
  expect(lines[0]).toContain('permission denied');
});

it('says what to do when the machine and the pantry are missing', async () => {
  vi.stubEnv('SEMDISTRO_CACHE', join(root, 'none'));
  let text = '';
  const output = { write: (piece: string) => ((text += piece), true) };
  expect(await doctor([], { stdout: output, stderr: output })).toBe(1);
  expect(text).toContain('not made yet');
  expect(text).toContain('Make it with `npm start`.');
});
