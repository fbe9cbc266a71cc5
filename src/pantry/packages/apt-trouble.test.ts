import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aptSource } from './apt.ts';
import { packageCache } from './cache.ts';
import type { PackageSource } from './port.ts';

/** What apt says when things go wrong around it, said here by a program of that name. */
const NETWORK = "E: Failed to fetch http://m.example/x  Temporary failure resolving 'm.example'";
const DISK = 'E: Write error - write (28: No space left on device)';
const STALE =
  'E: Failed to fetch http://m.example/x  File has unexpected size (1 != 2). [IP: 192.0.2.1 80]';

const folder = mkdtempSync(join(tmpdir(), 'semdistro-trouble-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let count = 0;
let home = '';
beforeEach(() => {
  home = join(folder, String(count++));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A source whose apt fails for these suites, and has an index of those from an earlier time. */
function source(
  failing: Readonly<Record<string, string>>,
  indexed: readonly string[],
): PackageSource {
  const bin = join(home, 'bin');
  const lists = join(home, 'apt/trixie-i386/lists');
  for (const path of [bin, lists]) mkdirSync(path, { recursive: true });
  for (const suite of indexed) {
    writeFileSync(join(lists, `m.example_debian_dists_${suite}_main_binary-i386_Packages`), '');
  }
  const cases = Object.entries(failing).map(
    ([suite, says]) => `*/${suite}.list*) echo "${says}" >&2; exit 100;;`,
  );
  program(join(bin, 'apt-get'), [`echo "$@" >> ${home}/calls`, 'case "$*" in', ...cases, 'esac']);
  program(join(bin, 'apt-config'), []);
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
  return aptSource({
    directory: join(home, 'apt'),
    cache: packageCache(join(home, 'cache')),
    mirror: { main: 'http://m.example/debian', security: 'http://m.example/s', keyring: '/k.gpg' },
  });
}

function program(path: string, lines: readonly string[]): void {
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}

const calls = (): number => readFileSync(join(home, 'calls'), 'utf8').trimEnd().split('\n').length;
const used = (): readonly string[] =>
  readFileSync(join(home, 'apt/trixie-i386/sources.list'), 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[3] ?? []);

describe('refreshing', () => {
  it('without a network takes the indices of an earlier time, and does not ask again and again', async () => {
    const apt = source({ trixie: NETWORK }, ['trixie', 'trixie-security']);
    expect(await apt.refresh(['i386'])).toEqual([
      'package index trixie i386 not refreshed, the last one is used: Temporary failure resolving its address',
    ]);
    expect(calls()).toBe(1);
    expect(used()).toEqual(['trixie', 'trixie-security']);
  });

  it('without a network and without an index is an error', async () => {
    await expect(source({ trixie: NETWORK }, []).refresh(['i386'])).rejects.toMatchObject({
      code: 'packages-network',
      message: `cannot read the package index trixie i386: ${NETWORK.slice('E: '.length)}`,
      hint: expect.stringContaining('check the network') as string,
    });
  });

  it('goes on to the next suite when one is out of step', async () => {
    const apt = source({ 'trixie-updates': STALE }, ['trixie', 'trixie-security']);
    expect(await apt.refresh(['i386'])).toEqual([
      'package index trixie-updates i386 left out: File has unexpected size (1 != 2).',
    ]);
    expect(calls()).toBe(3);
    expect(used()).toEqual(['trixie', 'trixie-security']);
  });

  it('does not take a full disk for a suite that is out of step', async () => {
    const apt = source({ 'trixie-security': DISK }, ['trixie', 'trixie-security']);
    await expect(apt.refresh(['i386'])).rejects.toMatchObject({ code: 'packages-disk' });
  });

  it('asks once in a process, whoever asks', async () => {
    const apt = source({}, ['trixie']);
    await Promise.all([apt.refresh(['i386']), apt.refresh(['i386'])]);
    await apt.refresh(['i386']);
    expect(calls()).toBe(3);
  });
});
