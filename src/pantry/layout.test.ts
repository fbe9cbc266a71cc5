import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANNOTATION } from '../engine/oci/annotations.ts';
import { parseDigest } from '../engine/oci/digest.ts';
import type { Descriptor } from '../engine/oci/image.ts';
import { matches } from './entries.ts';
import { openLayout, removeLeftovers } from './layout.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-layout-'));
});
afterEach(() => rm(folder, { recursive: true }));

function descriptor(name: string, digit: string, architecture = '386'): Descriptor {
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: parseDigest(`sha256:${digit.repeat(64)}`),
    size: 1,
    platform: { os: 'linux', architecture },
    annotations: { [ANNOTATION.refName]: name },
  };
}

describe('the index of the layout', () => {
  it('is empty before there is one', async () => {
    expect(await openLayout(folder).manifests()).toEqual([]);
  });

  it('keeps what is there, and replaces the same reference on the same platform', async () => {
    const layout = openLayout(folder);
    await layout.add([descriptor('a:1', '1'), descriptor('b:1', '2')]);
    await layout.add([descriptor('a:1', '3'), descriptor('a:1', '4', 'amd64')]);
    expect(await layout.manifests()).toEqual([
      descriptor('a:1', '3'),
      descriptor('a:1', '4', 'amd64'),
      descriptor('b:1', '2'),
    ]);
    expect((await readdir(folder)).sort()).toEqual(['index.json', 'oci-layout']);
  });

  it('loses nothing to others who add at the same time', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `image-${i}:1`);
    await Promise.all(names.map((name) => openLayout(folder).add([descriptor(name, '5')])));
    const found = (await openLayout(folder).manifests()).map(
      ({ annotations }) => annotations?.[ANNOTATION.refName],
    );
    expect(found).toEqual([...names].sort());
  });

  it('does not wait for a process that is gone', async () => {
    // Numbers of processes end far below this.
    await writeFile(join(folder, '.lock'), '99999999');
    await openLayout(folder).add([descriptor('a:1', '1')]);
    expect(await openLayout(folder).manifests()).toHaveLength(1);
  });

  it('says what to do when it is not one', async () => {
    await writeFile(join(folder, 'index.json'), '{"manifests": 1}');
    await expect(openLayout(folder).manifests()).rejects.toMatchObject({ code: 'pantry-corrupt' });
  });
});

describe('a blob', () => {
  it('is there when it is whole, and not before', async () => {
    const layout = openLayout(folder);
    const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
    const writer = await layout.begin();
    await writer.write(new TextEncoder().encode('two '));
    expect(await layout.has({ digest, size: 9 })).toBe(false);
    await writer.write(new TextEncoder().encode('parts'));
    await writer.finish(digest);
    expect(await layout.has({ digest, size: 9 })).toBe(true);
    expect(await layout.has({ digest, size: 8 })).toBe(false);
    expect(await readFile(layout.blobPath(digest), 'utf8')).toBe('two parts');
  });

  it('that a killed process left half-written goes, and that of a living one stays', async () => {
    const layout = openLayout(folder);
    await (await layout.begin()).write(Uint8Array.of(1));
    await writeFile(join(folder, 'blobs', '.new-99999999-0'), 'half');
    await removeLeftovers(folder);
    expect((await readdir(join(folder, 'blobs'))).sort()).toEqual([
      expect.stringMatching(new RegExp(`^\\.new-${process.pid}-\\d+$`)),
      'sha256',
    ]);
  });
});

describe('a pattern of paths', () => {
  it.each([
    ['usr/share/doc', '/usr/share/doc', true],
    ['usr/share/doc/a', '/usr/share/doc', true],
    ['usr/share/documents', '/usr/share/doc', false],
    ['usr/share/doc/a/copyright', '/usr/share/doc/*/copyright', true],
    ['usr/share/doc/a/b/copyright', '/usr/share/doc/*/copyright', false],
    ['usr/share/doc/a/changelog', '/usr/share/doc/*/copyright', false],
    ['usr/lib/jvm/java-21-openjdk-i386/bin', '/usr/lib/jvm/java-21-openjdk-*', true],
    ['usr/lib/jvm/java-21', '/usr/lib/jvm/java-21-openjdk-*', false],
    ['a+b/c', '/a+b', true],
    ['aab/c', '/a+b', false],
  ])('%s by %s: %s', (path, pattern, expected) => {
    expect(matches(path, [pattern])).toBe(expected);
  });
});
