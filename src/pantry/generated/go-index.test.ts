import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { moveGoIndex } from './go-index.ts';

const made = mkdtempSync(join(tmpdir(), 'semdistro-go-index-'));
const cache = join(made, 'cache');
const from = join(made, 'go');
const to = `/${'x'.repeat(from.length - 1)}`;
const version = 'go1.24.4';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What `dirHash` of Go 1.24's cmd/go/internal/modindex hashes for src/fmt of a GOROOT. */
const keyIn = (root: string): string =>
  sha256(
    [
      `go1.24.4modroot ${root}/src\n`,
      `package go1.24.4 go index v2 ${root}/src/fmt\n`,
      'file errors.go 2025-05-29 19:37:36 +0000 UTC 3\n',
      'file print.go 2025-05-29 19:37:36 +0000 UTC 5\n',
    ].join(''),
  );

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const inCache = (id: string, kind: string): string => join(cache, id.slice(0, 2), `${id}-${kind}`);

function putInCache(key: string, content: string): void {
  const size = String(content.length).padStart(20);
  put(inCache(key, 'a'), `v1 ${key} ${sha256(content)} ${size} ${'7'.padStart(20)}\n`);
  put(inCache(sha256(content), 'd'), content);
}

beforeEach(() => {
  rmSync(made, { recursive: true, force: true });
  for (const [name, text] of [
    ['print.go', 'print'],
    ['errors.go', 'err'],
  ] as const) {
    const path = join(from, 'src/fmt', name);
    put(path, text);
    utimesSync(path, 1_748_547_456, 1_748_547_456);
  }
  putInCache(sha256('compiled'), 'of a compiler');
});

afterAll(() => {
  rmSync(made, { recursive: true, force: true });
});

describe('the index of a package’s sources', () => {
  test('becomes that of another place, path and content', async () => {
    putInCache(keyIn(from), `go index v2\n...${from}/src/fmt/print.go...`);
    expect(await moveGoIndex({ cache, from, to, version })).toBe(1);
    const content = `go index v2\n...${to}/src/fmt/print.go...`;
    expect(readFileSync(inCache(sha256(content), 'd'), 'utf8')).toBe(content);
    expect(readFileSync(inCache(keyIn(to), 'a'), 'utf8')).toBe(
      `v1 ${keyIn(to)} ${sha256(content)} ${String(content.length).padStart(20)} ${'7'.padStart(20)}\n`,
    );
    expect(files()).toBe(4);
  });

  test('is left alone when it is of other sources', async () => {
    putInCache(keyIn('/elsewhere'), 'go index v2\n');
    expect(await moveGoIndex({ cache, from, to, version })).toBe(0);
    expect(files()).toBe(4);
  });

  test('cannot be moved to a path of another length: lengths are in it', async () => {
    const moved = moveGoIndex({ cache, from, to: '/usr/local/go', version });
    await expect(moved).rejects.toThrow('/go is not as long as /usr/local/go');
  });
});

function files(): number {
  return readdirSync(cache, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    .length;
}
