import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  archiveUri,
  mirrorOf,
  parseListFile,
  parseSourcesFile,
  readSources,
} from './apt-mirror.ts';
import type { SourceEntry } from './apt-mirror.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

describe('parseListFile', () => {
  it.each([
    ['deb http://m.example/debian trixie main', ['http://m.example/debian', 'trixie', undefined]],
    [
      '  deb\thttp://m.example/debian\ttrixie main contrib # it',
      ['http://m.example/debian', 'trixie', undefined],
    ],
    [
      `deb [arch=amd64 signed-by=${KEYRING}] https://m.example/debian/ sid main`,
      ['https://m.example/debian/', 'sid', KEYRING],
    ],
    ['deb [ trusted=yes ] file:/srv/debian ./', ['file:/srv/debian', './', undefined]],
    ['deb-src http://m.example/debian trixie main', undefined],
    ['# deb http://m.example/debian trixie main', undefined],
    ['deb http://m.example/debian', undefined],
    ['', undefined],
  ])('%j', (line, expected) => {
    const entries = parseListFile(`${line}\n`).map(({ uris, suites, signedBy }) => [
      ...[...uris, ...suites],
      signedBy,
    ]);
    expect(entries).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('parseSourcesFile', () => {
  it('reads every enabled stanza for binary packages', () => {
    const entries = parseSourcesFile(
      [
        `# a mirror\nTypes: deb deb-src\nURIs: http://m.example/debian\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: ${KEYRING}\n`,
        'Types: deb-src\nURIs: http://m.example/debian\nSuites: trixie\n',
        'Enabled: no\nTypes: deb\nURIs: http://m.example/off\nSuites: trixie\n',
        'Types: deb\nURIs:\n http://a.example/debian\n http://b.example/debian\nSuites: sid\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n x\n',
      ].join('\n'),
    );
    expect(entries).toEqual([
      {
        uris: ['http://m.example/debian'],
        suites: ['trixie', 'trixie-updates'],
        signedBy: KEYRING,
      },
      {
        uris: ['http://a.example/debian', 'http://b.example/debian'],
        suites: ['sid'],
        signedBy: '-----BEGIN',
      },
    ]);
  });
});

const entry = (uri: string, ...suites: readonly string[]): SourceEntry => ({
  uris: [uri],
  suites,
  signedBy: undefined,
});

describe('mirrorOf', () => {
  const all = (): boolean => true;

  it.each<readonly [string, readonly SourceEntry[], readonly (string | undefined)[] | undefined]>([
    [
      'both archives',
      [
        entry('http://m.example/debian/', 'bookworm', 'bookworm-updates'),
        entry('http://s.example/debian-security', 'bookworm-security'),
      ],
      ['http://m.example/debian', 'http://s.example/debian-security'],
    ],
    [
      'the old name of the security suite',
      [
        entry('http://m.example/debian', 'buster'),
        entry('http://s.example/secure', 'buster/updates'),
      ],
      ['http://m.example/debian', 'http://s.example/secure'],
    ],
    [
      'no security entry: the archive beside it',
      [entry('http://m.example/debian', 'stable')],
      ['http://m.example/debian', 'http://m.example/debian-security'],
    ],
    [
      'no security entry and another layout: none',
      [entry('http://m.example/os', 'trixie')],
      ['http://m.example/os', undefined],
    ],
    [
      'something else before Debian',
      [entry('http://else.example/apt', 'nodistro'), entry('http://m.example/debian', 'trixie')],
      ['http://m.example/debian', 'http://m.example/debian-security'],
    ],
    ['no Debian', [entry('http://u.example/ubuntu', 'noble', 'noble-security')], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, entries, expected) => {
    const mirror = mirrorOf(entries, all);
    const found = mirror && [archiveUri(mirror, 'main'), archiveUri(mirror, 'security')];
    expect(found).toEqual(expected);
  });

  const debian = { ...entry('http://m.example/debian', 'trixie'), signedBy: '/etc/own.gpg' };
  it.each([
    ['the archive keyring where it is installed', [KEYRING, '/etc/own.gpg'], KEYRING],
    ["the entry's own otherwise", ['/etc/own.gpg'], '/etc/own.gpg'],
  ])('trusts %s', (_, installed, keyring) => {
    expect(mirrorOf([debian], (path) => installed.includes(path))?.keyring).toBe(keyring);
  });

  it('asks for the keyring when there is none', () => {
    expect(() => mirrorOf([debian], () => false)).toThrow(
      expect.objectContaining({
        code: 'packages-unavailable',
        hint: 'Install the package debian-archive-keyring.',
      }) as Error, // an asymmetric matcher
    );
  });
});

describe('readSources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'semdistro-sources-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads the list and its parts, and only files that apt reads', async () => {
    const list = 'deb http://list.example/debian trixie main\n';
    const sources = 'Types: deb\nURIs: http://sources.example/debian\nSuites: trixie\n';
    writeFileSync(join(folder, 'sources.list'), '');
    writeFileSync(join(folder, 'a.list'), list);
    writeFileSync(join(folder, 'b.sources'), sources);
    writeFileSync(join(folder, 'c.list.disabled'), list);
    const entries = await readSources(join(folder, 'sources.list'), folder);
    expect(entries.flatMap(({ uris }) => uris)).toEqual([
      'http://list.example/debian',
      'http://sources.example/debian',
    ]);
  });

  it('does without either', async () => {
    expect(await readSources('/nonexistent.list', '/nonexistent')).toEqual([]);
  });
});
