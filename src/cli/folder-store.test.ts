import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeStore } from '../engine/store/contract.ts';
import { openFolderStore } from './folder-store.ts';
import { nodePlatform } from './node-platform.ts';

const platform = nodePlatform();
const root = await mkdtemp(join(tmpdir(), 'semdistro-store-'));
afterAll(() => rm(root, { recursive: true, force: true }));

let count = 0;
const fresh = (): string => join(root, String(count++));

describeStore('the store in a folder', async () => {
  const dir = fresh();
  return {
    store: await openFolderStore(dir, platform),
    reopen: () => openFolderStore(dir, platform),
  };
});
