import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { closureKey, formatLock, lockPath, parseLock, readLock, writeLock } from './lock.ts';
import type { Lock } from './lock.ts';

const lock: Lock = {
  architecture: 'i386',
  packages: new Map([
    [
      'zlib1g',
      {
        version: '1:1.3-1',
        sha256: 'b'.repeat(64),
        size: 20,
        source: { name: 'zlib', version: '1:1.3-1' },
      },
    ],
    [
      'libc6',
      {
        version: '2.41-12',
        sha256: 'a'.repeat(64),
        size: 10,
        source: { name: 'glibc', version: '2.41-12' },
      },
    ],
  ]),
  closures: new Map([
    ['zlib1g', ['libc6', 'zlib1g']],
    ['libc6', ['libc6']],
  ]),
};

const TEXT = `{
  "schema": 1,
  "architecture": "i386",
  "closures": {
    "libc6": [
      "libc6"
    ],
    "zlib1g": [
      "libc6",
      "zlib1g"
    ]
  },
  "packages": {
    "libc6": {
      "version": "2.41-12",
      "sha256": "${'a'.repeat(64)}",
      "size": 10,
      "source": "glibc",
      "sourceVersion": "2.41-12"
    },
    "zlib1g": {
      "version": "1:1.3-1",
      "sha256": "${'b'.repeat(64)}",
      "size": 20,
      "source": "zlib",
      "sourceVersion": "1:1.3-1"
    }
  }
}
`;

describe('a lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'semdistro-lock-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is written sorted, one value per line', () => {
    expect(formatLock(lock)).toBe(TEXT);
  });

  it('is read back as it was', () => {
    const read = parseLock(TEXT, 'i386.json');
    expect(formatLock(read)).toBe(TEXT);
    expect(read.packages.get('libc6')).toEqual(lock.packages.get('libc6'));
  });

  it('is a file per architecture, replaced in one step', async () => {
    expect(await readLock(folder, 'i386')).toBeUndefined();
    await writeLock(folder, lock);
    expect(readdirSync(folder)).toEqual(['i386.json']);
    const read = await readLock(folder, 'i386');
    expect(read && formatLock(read)).toBe(TEXT);
  });

  it('of another architecture is refused', async () => {
    writeFileSync(lockPath(folder, 'amd64'), TEXT);
    await expect(readLock(folder, 'amd64')).rejects.toMatchObject({
      code: 'lock-invalid',
      message: `${lockPath(folder, 'amd64')}: it is the lock of i386`,
    });
  });

  it.each([
    ['no JSON', '{', /^x\.json: /],
    ['another schema', TEXT.replace('"schema": 1', '"schema": 2'), /^x\.json: schema: /],
    ['an unknown key', TEXT.replace('"schema"', '"more": 1, "schema"'), /more/],
    ['a short hash', TEXT.replace('a'.repeat(64), 'aa'), /packages\.libc6\.sha256/],
    ['a size that is none', TEXT.replace('"size": 10', '"size": -1'), /packages\.libc6\.size/],
    ['an unknown architecture', TEXT.replace('i386', 'vax'), /architecture/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => parseLock(text, 'x.json')).toThrow(
      expect.objectContaining({
        code: 'lock-invalid',
        message: expect.stringMatching(message) as string, // an asymmetric matcher
      }) as Error,
    );
  });
});

describe('closureKey', () => {
  it.each([
    [['b', 'a'], 'a b'],
    [['a', 'b', 'a'], 'a b'],
  ])('of %j is %j', (names, key) => {
    expect(closureKey(names)).toBe(key);
  });
});
