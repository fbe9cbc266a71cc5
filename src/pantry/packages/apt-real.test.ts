import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { pantryHome } from '../pantry-home.ts';
import { aptSource } from './apt.ts';
import { packageCache } from './cache.ts';
import { readDeb } from './deb.ts';
import { lacking } from './fixtures.ts';
import { parseStanzas } from './stanza.ts';

/**
 * Real packages, with what is odd in Debian: set-uid programs, hard links, device-like names, files
 * of no bytes, names beyond ASCII. Read here and by dpkg-deb and tar.
 */
const PACKAGES = [
  'base-files',
  'ca-certificates',
  'libc6',
  'netbase',
  'passwd',
  'perl-base',
  'tzdata',
];

const home = pantryHome(join(import.meta.dirname, '../../../.cache'));
const cache = packageCache(home.packages);
const source = aptSource({ directory: home.apt, cache });

const reason = lacking('apt-get', 'dpkg-deb', 'tar') ?? (await unreachable());

/** Why there are no packages to be had, undefined when there are. */
async function unreachable(): Promise<string | undefined> {
  try {
    await source.refresh(['amd64', 'i386']);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}

describe.skipIf(reason !== undefined)(
  `real packages through apt${reason ? ` (${reason})` : ''}`,
  () => {
    const files: string[] = [];
    afterAll(() => {
      expect(files.length).toBeGreaterThan(0);
    });

    it('knows all that a package needs', { timeout: 120_000 }, async () => {
      const closure = await source.closure(['redis-server'], 'i386');
      expect(closure).toContain('libc6');
      expect(closure).toEqual(closure.toSorted());
      const infos = await source.find(
        closure.map((name) => ({ name })),
        'i386',
      );
      expect(infos.filter((info) => info === undefined)).toEqual([]);
      expect(infos.find((info) => info?.name === 'libc6')).toMatchObject({
        architecture: 'i386',
        source: { name: 'glibc' },
      });
    });

    for (const architecture of ['amd64', 'i386'] as const) {
      it(`reads as dpkg-deb and tar do (${architecture})`, { timeout: 120_000 }, async () => {
        const found = await source.find(
          PACKAGES.map((name) => ({ name })),
          architecture,
        );
        const infos = found.filter((info) => info !== undefined);
        expect(infos.map(({ name }) => name)).toEqual(PACKAGES);
        await source.fetch(infos, architecture);
        for (const { name, version, sha256, size } of infos) {
          const file = (await cache.find(sha256, size)) ?? '';
          const deb = await readDeb(readFileSync(file), file);
          files.push(file);
          expect(deb.control.get('Version')).toBe(version);
          const [theirs] = parseStanzas(output('dpkg-deb', '--field', file));
          expect(deb.control, name).toEqual(theirs);
          expect(deb.entries.map(lineOf), name).toEqual(tarLines(file));
          expect(await sums(deb.entries, deb.controlFiles.get('md5sums')), name).toEqual([]);
        }
      });
    }
  },
);

function output(command: string, ...args: readonly string[]): string {
  const { stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
  });
  return stdout;
}

/** What `tar -tv` says of the package's files, spaces made single. */
function tarLines(file: string): readonly string[] {
  const list = 'tar --numeric-owner --full-time --quoting-style=literal -tv';
  const text = output('sh', '-c', `dpkg-deb --fsys-tarfile "$0" | ${list}`, file);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '));
}

/** The same line, of an entry. */
function lineOf(entry: Entry): string {
  const time = new Date(entry.mtime * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const name = entry.path === '' ? './' : `./${entry.path}${entry.type === 'dir' ? '/' : ''}`;
  const target = {
    symlink: ` -> ${entry.target ?? ''}`,
    hardlink: ` link to ./${entry.target ?? ''}`,
  };
  const link = entry.type === 'symlink' || entry.type === 'hardlink' ? target[entry.type] : '';
  return `${permissions(entry)} ${entry.uid}/${entry.gid} ${entry.size} ${time} ${name}${link}`;
}

function permissions({ type, mode }: Entry): string {
  const letter =
    new Map([
      ['dir', 'd'],
      ['symlink', 'l'],
      ['hardlink', 'h'],
    ]).get(type) ?? '-';
  const bit = (shift: number, special: number, on: string): string => {
    const [read, write, run] = [mode >> (shift + 2), mode >> (shift + 1), mode >> shift];
    const execute = (run & 1) === 1;
    const last = (mode & special) !== 0 ? (execute ? on : on.toUpperCase()) : execute ? 'x' : '-';
    return `${(read & 1) === 1 ? 'r' : '-'}${(write & 1) === 1 ? 'w' : '-'}${last}`;
  };
  return `${letter}${bit(6, 0o4000, 's')}${bit(3, 0o2000, 's')}${bit(0, 0o1000, 't')}`;
}

/** Files whose content is not what the package's own list of sums says. */
async function sums(
  entries: readonly Entry[],
  list: Uint8Array | undefined,
): Promise<readonly string[]> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const wrong: string[] = [];
  for (const line of new TextDecoder().decode(list).split('\n')) {
    const [, sum, path] = /^([0-9a-f]{32}) {2}(.+)$/.exec(line) ?? [];
    if (sum === undefined || path === undefined) continue;
    const entry = byPath.get(path);
    const content = (entry?.type === 'hardlink' ? byPath.get(entry.target ?? '') : entry)?.content;
    const bytes = content ? await collect(content.stream()) : undefined;
    if (!bytes || createHash('md5').update(bytes).digest('hex') !== sum) wrong.push(path);
  }
  return wrong;
}
