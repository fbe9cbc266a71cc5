import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ar, tar, type TarItem, VERSION_MEMBER } from './packages/fixtures.ts';
import type { PackageCache } from './packages/cache.ts';
import { type Lock, writeLock } from './packages/lock.ts';
import type { PackageInfo, PackageSource } from './packages/port.ts';

/** For tests: a handful of packages made on the spot, and a source that has them. */
export interface FakePackage {
  readonly name: string;
  readonly version?: string;
  readonly files: readonly TarItem[];
}

export interface FakeArchive {
  readonly source: (cache: PackageCache) => PackageSource;
  /** Times that files were asked for. */
  readonly fetched: string[];
  /** Writes the lock that pins these packages. */
  writeLock(folder: string, closures?: Lock['closures']): Promise<void>;
}

export function fakeArchive(packages: readonly FakePackage[]): FakeArchive {
  const made = new Map(packages.map((item) => [item.name, fakeDeb(item)]));
  const infoOf = (name: string): PackageInfo | undefined => made.get(name)?.info;
  const fetched: string[] = [];
  return {
    fetched,
    source: (cache) => ({
      refresh: () => Promise.resolve([]),
      find: (queries) =>
        Promise.resolve(
          queries.map(({ name, version }) => {
            const info = infoOf(name);
            return version === undefined || info?.version === version ? info : undefined;
          }),
        ),
      closure: (names) => Promise.resolve([...names].sort()),
      async fetch(wanted) {
        for (const { name, sha256 } of wanted) {
          fetched.push(name);
          const file = join(cache.directory, '..', `${name}.download`);
          await writeFile(file, made.get(name)?.bytes ?? new Uint8Array());
          await cache.adopt(file, sha256);
        }
      },
    }),
    async writeLock(folder, closures = new Map()) {
      const locked = [...made].map(([name, { info }]) => {
        const { version, sha256, size, source } = info;
        return [name, { version, sha256, size, source }] as const;
      });
      await writeLock(folder, { architecture: 'amd64', packages: new Map(locked), closures });
    },
  };
}

function fakeDeb({ name, version = '1.0-1', files }: FakePackage): {
  readonly bytes: Uint8Array;
  readonly info: PackageInfo;
} {
  const control = `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nDescription: made for a test\n`;
  const bytes = ar(
    VERSION_MEMBER,
    ['control.tar.gz', gzipSync(tar({ name: './' }, { name: './control', text: control }))],
    ['data.tar', tar(...files)],
  );
  return {
    bytes,
    info: {
      name,
      version,
      architecture: 'amd64',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size: bytes.length,
      source: { name: `${name}-source`, version },
      section: 'test',
      priority: 'optional',
      depends: '',
    },
  };
}

/** A family of two images over the packages `one` and `two`, with everything that needs no real package. */
export const FAKE_RECIPE = `
family: fake
title: Images for tests
upstream: https://example.org/
created: epoch
history: {}
differs: [Everything about it is made up.]
variants:
  - tags: [latest]
    config: { user: '0', env: { PATH: /bin } }
  - tags: [debug]
    features: [debug]
    config: { user: '0', env: { PATH: /bin, MORE: '$PATH:/more' } }
images:
  - id: small
    repositories: [example.org/small]
    layers:
      - debs: [one]
        createdBy: make {package}
      - createdBy: make files
        files:
          - { dir: /tmp, mode: '1777' }
          - { file: /etc/hello, text: "hello\\n", mode: '0555' }
          - { link: /etc/hi, to: hello }
          - { copy: /usr/one, to: /usr/copy }
      - history: ENV PATH=/bin
      - createdBy: make debug
        when: { feature: debug, reason: only this variant has it }
        files:
          - dir: /debug
  - id: large
    from: small
    repositories: [example.org/large]
    config: { entrypoint: [/usr/two], env: { VERSION: '{version:two}' } }
    layers:
      - createdBy: make two
        packages:
          install: [two]
          database: none
          drop: [/usr/share/doc]
          keep: [/usr/share/doc/*/copyright]
          move:
            - { from: /usr/lib/two-*, to: /opt/two }
          edit:
            - { file: /opt/two/config, find: old, replace: new, reason: a test of edits in recipes }
`;

export const FAKE_PACKAGES: readonly FakePackage[] = [
  {
    name: 'one',
    files: [{ name: './' }, { name: './usr/' }, { name: './usr/one', text: 'one\n', mode: 0o755 }],
  },
  {
    name: 'two',
    version: '2:2.5-3',
    files: [
      { name: './' },
      { name: './usr/' },
      { name: './usr/lib/' },
      { name: './usr/lib/two-amd64/' },
      { name: './usr/lib/two-amd64/config', text: 'old old\n' },
      { name: './usr/share/' },
      { name: './usr/share/doc/' },
      { name: './usr/share/doc/two/' },
      { name: './usr/share/doc/two/README', text: 'read me\n' },
      { name: './usr/share/doc/two/copyright', text: 'free\n' },
      { name: './usr/share/doc/empty/' },
      { name: './usr/share/doc/empty/README', text: 'read me\n' },
    ],
  },
];
