import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isGone, newOwner, ownerName, parseOwner } from './labels.ts';

it('an owner is told by its name, and by the tag of its images', async () => {
  const owner = await newOwner();
  expect(parseOwner(ownerName(owner))).toEqual(owner);
  expect(parseOwner(`${ownerName(owner)}-12`)).toEqual(owner);
  for (const other of ['', 'latest', 'x-1-y', `${ownerName(owner)}x`, `v${ownerName(owner)}`]) {
    expect(parseOwner(other)).toBeUndefined();
  }
});

it('an owner is gone when its process certainly is', async () => {
  const here = await newOwner();
  const { pid: dead } = spawnSync('true');
  const host = here.boot.slice(0, 8);
  const cases: readonly (readonly [string, Partial<typeof here>, boolean])[] = [
    ['itself', {}, false],
    ['another engine of this process', { nonce: '00000000' }, false],
    ['a process that lives', { pid: process.ppid }, false],
    ['a process that ended', { pid: dead }, true],
    ['before the computer started again', { boot: `${host}00000000`, pid: process.ppid }, true],
    ['another computer', { boot: `0000000000000000`, pid: dead }, false],
  ];
  for (const [what, different, gone] of cases) {
    expect([what, isGone({ ...here, ...different }, here)]).toEqual([what, gone]);
  }
});
