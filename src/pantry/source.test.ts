import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeBlobReader } from '../engine/store/contract.ts';
import { pantrySource } from './source.ts';

const root = await mkdtemp(join(tmpdir(), 'semdistro-pantry-source-'));
afterAll(() => rm(root, { recursive: true, force: true }));

let count = 0;

describeBlobReader('the pantry in a folder', async (blobs) => {
  const dir = join(root, String(count++));
  await mkdir(join(dir, 'blobs', 'sha256'), { recursive: true });
  for (const bytes of blobs) {
    const name = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(dir, 'blobs', 'sha256', name), bytes);
  }
  return pantrySource(dir).blobs;
});
