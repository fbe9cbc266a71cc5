import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { tryLock, withLock } from './file-lock.ts';

const root = mkdtempSync(join(tmpdir(), 'semdistro-lock-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

let count = 0;
const fresh = (): string => join(root, String(count++));

async function holder(path: string): Promise<{ child: ChildProcess; said: string }> {
  const program = fileURLToPath(new URL('testdata/holder.ts', import.meta.url));
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk) => {
      resolve(String(chunk));
    });
  });
  return { child, said };
}

describe('a lock', () => {
  it('is held by one at a time in this process', async () => {
    const path = fresh();
    const first = await tryLock(path);
    expect(first).toBeDefined();
    expect(await tryLock(path)).toBeUndefined();
    first?.release();
    const second = await tryLock(path);
    expect(second).toBeDefined();
    second?.release();
  });

  it('leaves nothing but its file, which is never written', async () => {
    const path = fresh();
    const held = await tryLock(path);
    expect(readdirSync(root).filter((name) => name.startsWith(String(count - 1)))).toHaveLength(1);
    held?.release();
  });

  it('is held by one at a time among processes', async () => {
    const path = fresh();
    const mine = await tryLock(path);
    expect((await holder(path)).said).toBe('not held\n');
    mine?.release();
    expect((await holder(path)).said).toBe('held\n');
    expect(await tryLock(path)).toBeUndefined();
  });

  it('is free as soon as its holder is killed', async () => {
    const path = fresh();
    const { child, said } = await holder(path);
    expect(said).toBe('held\n');
    const waiting = withLock(path, async () => 'mine now');
    child.kill('SIGKILL');
    expect(await waiting).toBe('mine now');
  });

  it('of a holder that hangs is waited for, then given up with a message', async () => {
    const path = fresh();
    const { child } = await holder(path);
    child.kill('SIGSTOP');
    await expect(withLock(path, async () => 'never', 100)).rejects.toMatchObject({
      code: 'store-locked',
      message: `another process has held ${path} for too long`,
    });
    child.kill('SIGKILL');
    expect(await withLock(path, async () => 'mine now')).toBe('mine now');
  });

  it('is given to those who wait in this process one after another, also when one fails', async () => {
    const path = fresh();
    let inside = 0;
    const order: number[] = [];
    const turns = Array.from({ length: 10 }, (_, turn) =>
      withLock(path, async () => {
        expect(++inside).toBe(1);
        await Promise.resolve();
        order.push(turn);
        inside--;
        if (turn === 3) throw new Error('turn 3');
      }),
    );
    const results = await Promise.allSettled(turns);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('in a folder that is not there is an error, not a wait', async () => {
    await expect(tryLock(join(root, 'missing', 'lock'))).rejects.toMatchObject({
      code: 'store-io',
    });
  });
});
