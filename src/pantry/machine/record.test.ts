import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineFolder, readMachine, readSnapshot, recordPath } from './record.ts';

const RECORD = {
  schema: 2,
  snapshot: 'ab12.state.zst',
  size: 4,
  sha256: createHash('sha256').update('data').digest('hex'),
  kernel: { kind: 'debian', version: '6.1.1-1', release: '6.1.0-1-686' },
  memory: 1024,
  v86: '0.5',
  guest: 'semdistro.invalid/guest:latest',
  sources: [{ package: 'a', version: '1', source: 'b', sourceVersion: '2' }],
};

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'semdistro-machine-'));
  await mkdir(machineFolder(cache));
  await writeFile(recordPath(cache), JSON.stringify(RECORD));
  await writeFile(join(machineFolder(cache), RECORD.snapshot), 'data');
});
afterEach(() => rm(cache, { recursive: true }));

describe('the machine of a cache folder', () => {
  it('is what its record says, with the path of its snapshot', async () => {
    const { kernel, memory, v86, guest, sources, size, sha256 } = RECORD;
    const snapshot = join(machineFolder(cache), RECORD.snapshot);
    expect(await readMachine(cache)).toEqual({
      ...{ kernel, memory, v86, guest, sources, size, sha256, snapshot },
    });
  });

  it.each([
    ['there is no record', () => rm(recordPath(cache))],
    ['the record is cut off', () => truncate(recordPath(cache), 20)],
    ['the snapshot is gone', () => rm(join(machineFolder(cache), RECORD.snapshot))],
    ['the snapshot is cut off', () => truncate(join(machineFolder(cache), RECORD.snapshot), 3)],
    [
      'the record names a file elsewhere',
      () =>
        writeFile(recordPath(cache), JSON.stringify({ ...RECORD, snapshot: '../ab.state.zst' })),
    ],
  ])('is not there when %s', async (_, harm) => {
    await harm();
    expect(await readMachine(cache)).toBeUndefined();
  });

  it('gives the snapshot when it is what was saved', async () => {
    const machine = await readMachine(cache);
    if (!machine) throw new Error('there is no machine');
    expect(Buffer.from(await readSnapshot(machine)).toString()).toBe('data');
    await writeFile(machine.snapshot, 'dada');
    await expect(readSnapshot(machine)).rejects.toMatchObject({ code: 'machine-damaged' });
  });
});
