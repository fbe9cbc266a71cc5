import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ByteStream, collect } from '../engine/bytes.ts';
import { digestOf, parseDigest } from '../engine/oci/digest.ts';
import { openFolderStore } from './folder-store.ts';
import { nodePlatform } from './node-platform.ts';

const platform = nodePlatform();
const root = await mkdtemp(join(tmpdir(), 'semdistro-processes-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const program = fileURLToPath(new URL('store/testdata/worker.ts', import.meta.url));

function worker(dir: string, name: string, mode: string): ChildProcess {
  return spawn(process.execPath, [program, dir, name, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function output(child: ChildProcess): Promise<readonly string[]> {
  if (!child.stdout) throw new Error('no output');
  // The last line may be cut by a kill: what is not a whole line was not said.
  return (await text(child.stdout)).split('\n').slice(0, -1);
}

describe('several processes on one store', () => {
  it('lose nothing of what each of them does', async () => {
    const dir = join(root, 'together');
    const rounds = 50;
    const children = ['a', 'b', 'c', 'd'].map((name) => worker(dir, name, String(rounds)));
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    const said = await Promise.all(children.map(output));
    await ended;
    expect(children.map((child) => child.exitCode)).toEqual([0, 0, 0, 0]);
    await expectAll(dir, said.flat());
    // One blob each round that all of them put, four that one of them did.
    expect(said.flat()).toHaveLength(4 * (1 + 4 * rounds));
    expect(await readdir(join(dir, 'blobs', 'sha256'))).toHaveLength(rounds * 5);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
  }, 60_000);
});

describe('who reads while another writes', () => {
  it('sees a record and a blob as they were or as they will be, never between', async () => {
    const dir = join(root, 'between');
    const [writer, reader] = [
      await openFolderStore(dir, platform),
      await openFolderStore(dir, platform),
    ];
    const bytes = new Uint8Array(2_000_000);
    const { digest } = await writer.blobs.put(bytes);
    const filler = 'x'.repeat(2_000_000);
    await writer.records.update('images', 'index', () => [0, filler]);
    const state = { writing: true };
    const writing = (async () => {
      for (let round = 1; round <= 12; round++) {
        await writer.records.update('images', 'index', () => [round, filler]);
        await writer.blobs.put(bytes);
      }
      state.writing = false;
    })();
    let last = 0;
    let reads = 0;
    while (state.writing) {
      const record = await reader.records.get('images', 'index');
      expect(record).toEqual([expect.any(Number), filler]);
      const round = Array.isArray(record) ? Number(record[0]) : -1;
      expect(round).toBeGreaterThanOrEqual(last);
      last = round;
      expect((await reader.blobs.open(digest))?.size).toBe(bytes.length);
      reads++;
    }
    await writing;
    expect(reads).toBeGreaterThan(10);
  }, 60_000);
});

describe('a process killed at any moment', () => {
  it('loses nothing it said was done, and what it leaves behind is swept', async () => {
    const dir = join(root, 'killed');
    const said: string[] = [];
    const witness = await openFolderStore(dir, platform);
    for (let round = 0; round < 12; round++) {
      const child = worker(dir, `k${round}`, 'forever');
      const lines = output(child);
      const exit = once(child, 'exit');
      if (!child.stdout) throw new Error('no output');
      // From before its first write to some hundred writes later.
      for (let chunk = 0; chunk <= (round * 7) % 40; chunk++) await once(child.stdout, 'data');
      // Not a wait for anything: it moves the kill off the moment a line was printed.
      await new Promise((resolve) => setTimeout(resolve, (round * 1.7) % 5));
      child.kill('SIGKILL');
      await exit;
      said.push(...(await lines));
      await expectAll(dir, said);
      // The lock of the dead is free at once.
      const before = performance.now();
      await witness.records.update('images', 'index', (old) => old);
      expect(performance.now() - before).toBeLessThan(5000);
    }
    expect(said.filter((line) => line.startsWith('record ')).length).toBeGreaterThan(20);
    // The witness wrote through a folder of its own, which is still its own.
    expect(await readdir(join(dir, 'tmp'))).toHaveLength(2);
  }, 120_000);
});

describe('leftover temporaries', () => {
  it('of the dead are swept at opening, those of the living are not', async () => {
    const dir = join(root, 'sweep');
    const living = await openFolderStore(dir, platform);
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let halfway = (): void => undefined;
    const started = new Promise<void>((resolve) => (halfway = resolve));
    const bytes = new Uint8Array(300_000);
    const slow = (async function* (): ByteStream {
      yield bytes;
      yield bytes;
      halfway();
      await gate;
      yield bytes;
    })();
    const put = living.blobs.put(slow);
    await started;
    await mkdir(join(dir, 'tmp', 'dead'));
    await writeFile(join(dir, 'tmp', 'dead', '0'), 'half a blob');
    await writeFile(join(dir, 'tmp', 'dead.lock'), '');
    await mkdir(join(dir, 'tmp', 'dead-before-it-had-a-lock'));
    expect(await readdir(join(dir, 'tmp'))).toHaveLength(5);

    await openFolderStore(dir, platform);
    const left = await readdir(join(dir, 'tmp'));
    expect(left).toHaveLength(2);
    expect(left.filter((name) => name.startsWith('dead'))).toEqual([]);

    release();
    const { digest } = await put;
    const blob = await (await openFolderStore(dir, platform)).blobs.open(digest);
    expect(blob?.size).toBe(900_000);
  });
});

/** Everything that was said to be done is in the store, whole. */
async function expectAll(dir: string, said: readonly string[]): Promise<void> {
  const store = await openFolderStore(dir, platform);
  const index = await store.records.get('images', 'index');
  const images = new Set(Object.keys(typeof index === 'object' && index ? index : {}));
  for (const line of said) {
    const [kind, what = '', more = ''] = line.split(' ');
    if (kind === 'record') expect(images).toContain(`${what} ${more}`);
    if (kind === 'key') expect(await store.records.get('cache', what)).toBeTypeOf('number');
    if (kind !== 'blob') continue;
    const blob = await store.blobs.open(parseDigest(what));
    if (!blob) throw new Error(`${what} was put and is not there`);
    expect(digestOf(platform, await collect(blob.stream()))).toBe(what);
  }
  for await (const { digest } of store.blobs.list()) {
    const blob = await store.blobs.open(digest);
    expect(blob && digestOf(platform, await collect(blob.stream()))).toBe(digest);
  }
}
