import { expect, test } from 'vitest';
import { dir, file, symlink, whiteout } from '../../testing/entries.ts';
import { addTestImage, emptyEngine, type TestImage } from '../../testing/images.ts';
import { findImage } from '../images/find.ts';
import { openImage } from '../images/open.ts';
import { compareImages } from './compare.ts';
import { describeLayers } from './layers.ts';

const BASE = {
  by: 'bazel build //static',
  entries: [
    dir('etc'),
    file('etc/passwd', 'root'),
    dir('var/lib/dpkg/status.d'),
    file('var/lib/dpkg/status.d/tzdata', 'Package: tzdata\nVersion: 1\n'),
  ],
};
const APP: TestImage = {
  rows: [
    BASE,
    { by: 'COPY app /app # buildkit', entries: [file('app', 'one', { mode: 0o755 })] },
    { by: 'ENTRYPOINT ["/app"]' },
  ],
  config: { Entrypoint: ['/app'], Env: ['PATH=/bin'], User: '65532' },
  lines: [null, 2, 3],
};

async function compare(from: TestImage, to: TestImage) {
  const engine = emptyEngine();
  await addTestImage(engine, 'a', from);
  await addTestImage(engine, 'b', to);
  return compareImages(engine, 'a', 'b');
}

test('an image and itself are identical', async () => {
  const diff = await compare(APP, APP);
  expect(diff.identical).toBe(true);
  expect(diff.files).toEqual({ added: [], removed: [], changed: [] });
  expect(diff.layers.map(({ kind }) => kind)).toEqual(['shared', 'shared']);
});

test('a rebuilt application: one layer, one file, one row', async () => {
  const [base, , entry] = APP.rows;
  const to: TestImage = {
    ...APP,
    rows: [
      base,
      { by: 'COPY app /app # buildkit', entries: [file('app', 'three', { mode: 0o700, uid: 1 })] },
      entry,
    ].filter((row) => row !== undefined),
  };
  const diff = await compare(APP, to);
  expect(diff.identical).toBe(false);
  expect(diff.layers.map(({ kind, size }) => `${kind} ${size}`)).toEqual([
    'shared 31',
    'removed 3',
    'added 5',
  ]);
  expect(diff.history.map(({ kind }) => kind)).toEqual(['same', 'changed', 'same']);
  expect(diff.files.changed.map(({ path, differs }) => [path, differs])).toEqual([
    ['app', ['mode', 'owner', 'content']],
  ]);
  expect(diff.config).toEqual([]);
  expect(diff.packages).toEqual({ added: [], removed: [], changed: [] });
});

test('equal files in other layers are not changes of files', async () => {
  const squashed: TestImage = {
    rows: [{ by: 'squashed', entries: [...BASE.entries, file('app', 'one', { mode: 0o755 })] }],
  };
  const diff = await compare(APP, squashed);
  expect(diff.files).toEqual({ added: [], removed: [], changed: [] });
  expect(diff.config.map(({ field }) => field)).toEqual(['User', 'Entrypoint', 'Env.PATH']);
  expect(diff.identical).toBe(false);
});

test('added, removed and retyped files; packages; bytes that nobody sees', async () => {
  const to: TestImage = {
    rows: [
      ...APP.rows,
      {
        by: 'RUN rm /app && ln -s …',
        entries: [whiteout('app'), symlink('etc/passwd', '/x'), file('new', '1234')],
      },
      {
        by: 'RUN upgrade',
        entries: [file('var/lib/dpkg/status.d/tzdata', 'Package: tzdata\nVersion: 2\n')],
      },
    ],
  };
  const diff = await compare(APP, to);
  expect(diff.files.added.map(({ path }) => path)).toEqual(['new']);
  expect(diff.files.removed.map(({ path }) => path)).toEqual(['app']);
  expect(diff.files.changed.map(({ path, differs }) => `${path} ${differs.join()}`)).toEqual([
    'etc/passwd type',
    'var/lib/dpkg/status.d/tzdata content',
  ]);
  expect(diff.packages.changed.map(({ from, to: after }) => [from.version, after.version])).toEqual(
    [['1', '2']],
  );
  expect(diff.from.wasted).toBe(0);
  expect(diff.to.shadowed.map(({ path, bytes, how }) => `${path} ${bytes} ${how}`)).toEqual([
    'app 3 removed',
    'etc/passwd 4 replaced',
    'var/lib/dpkg/status.d/tzdata 27 replaced',
  ]);
  expect(diff.to.wasted).toBe(34);
});

test('each layer says what it adds and which line made it', async () => {
  const engine = emptyEngine();
  await addTestImage(engine, 'app', APP);
  const layers = await describeLayers(await openImage(engine, await findImage(engine, 'app')));
  expect(
    layers.map(({ index, size, createdBy, line }) => ({ index, size, createdBy, line })),
  ).toEqual([
    { index: 0, size: 31, createdBy: 'bazel build //static', line: undefined },
    { index: 1, size: 3, createdBy: 'COPY app /app # buildkit', line: 2 },
  ]);
  expect(layers[1]?.files).toEqual([
    { path: 'app', type: 'file', mode: 0o755, uid: 0, gid: 0, size: 3, change: 'added' },
  ]);
});
