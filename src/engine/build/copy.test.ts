import { describe, expect, test } from 'vitest';
import { dir, file, symlink } from '../../testing/entries.ts';
import { buildFiles, type Files, testEngine } from '../../testing/build.ts';
import { openLayer } from '../layer/open.ts';
import { openBlob } from '../store/layered.ts';

const CONTEXT: Files = {
  a: file('a', '1', { mode: 0o755 }),
  b: 'bb',
  link: symlink('link', 'a'),
  d: dir('d', { mode: 0o711 }),
  'd/x': 'x',
  'd/sub': dir('d/sub', { mode: 0o700 }),
  'd/sub/y': 'y',
  'd/deep': symlink('d/deep', 'x'),
  'e/x': 'other x',
};

/** Builds the lines on scratch; the last layer as `mode owner path -> target`. */
async function lastLayer(lines: string, files: Files = CONTEXT): Promise<readonly string[]> {
  const engine = testEngine();
  const { manifest, config } = await buildFiles(engine, `FROM scratch\n${lines}\n`, files);
  const descriptor = manifest.layers.at(-1);
  const diffId = config.rootfs.diff_ids.at(-1);
  if (!descriptor || !diffId) return [];
  const layer = await openLayer(
    engine,
    await openBlob(engine, descriptor.digest),
    descriptor,
    diffId,
  );
  return layer.entries.map(({ mode, uid, gid, path, target, type }) => {
    const name = type === 'dir' ? `${path}/` : path;
    return `${mode.toString(8)} ${uid}:${gid} ${name}${target === undefined ? '' : ` -> ${target}`}`;
  });
}

describe('COPY puts things where Docker puts them', () => {
  test.for<readonly [string, readonly string[]]>([
    ['COPY b /', ['644 0:0 b']],
    ['COPY b /new', ['644 0:0 new']],
    ['COPY b /new/', ['755 0:0 new/', '644 0:0 new/b']],
    ['COPY b /deep/er/new', ['755 0:0 deep/', '755 0:0 deep/er/', '644 0:0 deep/er/new']],
    ['COPY a b /to/', ['755 0:0 to/', '755 0:0 to/a', '644 0:0 to/b']],
    // The contents of a directory, into one that is made with mode 755 whatever its own is.
    ['COPY e /to', ['755 0:0 to/', '644 0:0 to/x']],
    ['COPY d/sub /to/sub', ['755 0:0 to/', '755 0:0 to/sub/', '644 0:0 to/sub/y']],
    ['COPY d /', ['777 0:0 deep -> x', '700 0:0 sub/', '644 0:0 sub/y', '644 0:0 x']],
    ['COPY link /to/', ['755 0:0 to/', '755 0:0 to/link']],
    ['COPY [ab] /to/', ['755 0:0 to/', '755 0:0 to/a', '644 0:0 to/b']],
    ['COPY */x /to/', ['755 0:0 to/', '644 0:0 to/x']],
    ['COPY none* b /to/', ['755 0:0 to/', '644 0:0 to/b']],
    ['COPY ../b /../../up', ['644 0:0 up']],
    ['COPY --chown=1:2 e /to/it', ['755 1:2 to/', '755 1:2 to/it/', '644 1:2 to/it/x']],
    ['COPY --chown=7 b /', ['644 7:7 b']],
    ['COPY --chmod=600 e /to', ['755 0:0 to/', '600 0:0 to/x']],
    ['COPY --chmod=u+x,go= b /', ['700 0:0 b']],
    [
      'COPY --exclude=x --exclude=deep d /to',
      ['755 0:0 to/', '700 0:0 to/sub/', '644 0:0 to/sub/y'],
    ],
    ['COPY --exclude=a [ab] /to/', ['755 0:0 to/', '644 0:0 to/b']],
    [
      'COPY --parents d/sub/y e/x /to/',
      [
        '755 0:0 to/',
        '711 0:0 to/d/',
        '700 0:0 to/d/sub/',
        '644 0:0 to/d/sub/y',
        '755 0:0 to/e/',
        '644 0:0 to/e/x',
      ],
    ],
    ['COPY --parents d/./sub/y /to/', ['755 0:0 to/', '700 0:0 to/sub/', '644 0:0 to/sub/y']],
    [
      'COPY --parents **/y /to/',
      ['755 0:0 to/', '711 0:0 to/d/', '700 0:0 to/d/sub/', '644 0:0 to/d/sub/y'],
    ],
    ['WORKDIR /w\nCOPY b .', ['755 0:0 w/', '644 0:0 w/b']],
    ['WORKDIR /w\nCOPY b c', ['755 0:0 w/', '644 0:0 w/c']],
    ['COPY b /same\nCOPY a /same', ['755 0:0 same']],
    // A directory that is there keeps its mode at the top and loses it below.
    [
      'COPY d /to\nCOPY d /to/sub',
      [
        '755 0:0 to/',
        '700 0:0 to/sub/',
        '777 0:0 to/sub/deep -> x',
        '700 0:0 to/sub/sub/',
        '644 0:0 to/sub/sub/y',
        '644 0:0 to/sub/x',
      ],
    ],
    ['COPY <<EOF /doc\nhi\nEOF', ['644 0:0 doc']],
    [
      'COPY <<one <<two /docs/\n1\none\n2\ntwo',
      ['755 0:0 docs/', '644 0:0 docs/one', '644 0:0 docs/two'],
    ],
    // A link in the image is followed, and cannot leave it.
    ['COPY out /\nCOPY b /l/b', ['755 0:0 etc/', '644 0:0 etc/b']],
    // --link looks at nothing below.
    ['COPY out /\nCOPY --link b /l/b', ['755 0:0 l/', '644 0:0 l/b']],
    ['COPY none* /to/', []],
  ])('%s', async ([lines, expected]) => {
    const out = { out: dir('out'), 'out/l': symlink('out/l', '../../../etc') };
    expect(await lastLayer(lines, { ...CONTEXT, ...out })).toEqual(expected);
  });
});

test('what was copied over a directory is as old as its source; a directory made for it too', async () => {
  const engine = testEngine();
  const files = { f: file('f', 'x', { mtime: 1_500_000_000 }) };
  const result = await buildFiles(engine, 'FROM scratch\nCOPY f /made/f\n', files);
  const tree = await result.tree();
  expect(tree.get('made')?.entry.mtime).toBe(1_500_000_000);
  expect(tree.get('made/f')?.entry.mtime).toBe(1_500_000_000);
});

test('SOURCE_DATE_EPOCH is the time of everything', async () => {
  const args = { SOURCE_DATE_EPOCH: '1700000000' };
  const result = await buildFiles(testEngine(), 'FROM scratch\nCOPY b /d/b\nLABEL a=b\n', CONTEXT, {
    args,
  });
  const tree = await result.tree();
  expect([...tree.walk()].map(({ entry }) => entry.mtime)).toEqual([1_700_000_000, 1_700_000_000]);
  const iso = '2023-11-14T22:13:20.000Z';
  expect(result.config.created).toBe(iso);
  expect(result.config.history.map(({ created }) => created)).toEqual([iso, iso]);
});

describe('COPY refuses what Docker refuses, and names the line', () => {
  test.for([
    [
      'COPY nope /',
      'source-missing',
      'failed to compute cache key: failed to calculate checksum of ref context: "/nope": not found',
      1,
    ],
    ['COPY b /x\nCOPY d /x', 'copy-over-file', 'cannot copy to non-directory: /x', 2],
    [
      'COPY d /x\nCOPY x /x',
      'copy-over-directory',
      'cannot replace to directory /x/sub with file',
      2,
    ],
    ['COPY b /x\nCOPY b /x/y', 'not-a-directory', 'mkdir /x: not a directory', 2],
    ['COPY --chown=bob b /', 'user-unknown', 'invalid user index: -1', 1],
    [
      'COPY --chmod=999 b /',
      'chmod-invalid',
      "invalid chmod parameter: '999'. it should be octal string and between 0 and 07777",
      1,
    ],
    ['COPY loop /', 'too-many-links', '/loop: too many levels of symbolic links', 1],
  ] as const)('%s', async ([lines, code, message, line]) => {
    const files = { ...CONTEXT, 'x/sub': 'a file', loop: symlink('loop', 'loop') };
    const building = buildFiles(testEngine(), `FROM scratch\n${lines}\n`, files);
    await expect(building).rejects.toMatchObject({ code, message, range: { start: { line } } });
  });
});

test('an owner nobody knows is root, and the step says so', async () => {
  const lines = 'FROM scratch\nCOPY a /\nCOPY --chown=bob b /b\n';
  const { events, tree } = await buildFiles(testEngine(), lines, CONTEXT);
  const said = events.flatMap((event) =>
    event.type === 'log' ? [new TextDecoder().decode(event.bytes)] : [],
  );
  expect(said).toEqual(['note: the image has no user bob; the owner is 0:0\n']);
  expect((await tree()).get('b')?.entry).toMatchObject({ uid: 0, gid: 0 });
});
