import { beforeEach, describe, expect, test } from 'vitest';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { NO_DOCKER, realDocker, type RealDocker } from '../../testing/real-docker.ts';
import { collect, utf8 } from '../bytes.ts';
import { writeTar } from '../tar/writer.ts';
import { nodePlatform } from '../../cli/node-platform.ts';
import { digestOf } from '../oci/digest.ts';
import { contentOf } from './content.ts';
import type { Entry } from './entry.ts';
import { emptyTree } from './file-tree.ts';
import { entriesOfTar } from './from-tar.ts';
import { sortEntries } from './sort.ts';

/** What Docker makes of the same layers: loaded, and exported from a container that never ran. */
const docker = realDocker();

/** What Docker adds to every container. */
const ADDED = new Set(
  '.dockerenv dev dev/console dev/pts dev/shm etc etc/hosts etc/hostname etc/mtab etc/resolv.conf proc sys'.split(
    ' ',
  ),
);

type Layers = readonly (readonly Entry[])[];

async function archiveOf(tag: string, layers: Layers): Promise<Uint8Array> {
  const tars = await Promise.all(layers.map(async (layer) => collect(writeTar(layer))));
  const platform = nodePlatform();
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['x'] },
    rootfs: { type: 'layers', diff_ids: tars.map((tar) => digestOf(platform, tar)) },
  };
  const names = tars.map((_, i) => `${i}.tar`);
  return collect(
    writeTar([
      file('config.json', JSON.stringify(config)),
      ...tars.map((tar, i) => file(names[i] ?? '', tar)),
      file(
        'manifest.json',
        utf8(JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: names }])),
      ),
    ]),
  );
}

const describeEntry = (entry: Entry): string => {
  const { type, path, mode, uid, size, target } = entry;
  return [type, path, mode.toString(8), uid, size, target ?? ''].join(' ');
};

async function exported(real: RealDocker, layers: Layers): Promise<readonly Entry[]> {
  const tag = `semdistro-stacking-${process.pid}:test`;
  await real.ok(['load', '-q'], { stdin: await archiveOf(tag, layers) });
  const { text } = await real.ok(['create', tag]);
  try {
    const { stdout } = await real.ok(['export', text.trim()]);
    const all = await entriesOfTar(contentOf(new Uint8Array(stdout)));
    return all.filter((entry) => !ADDED.has(entry.path));
  } finally {
    await real.ok(['rm', text.trim()]);
    await real.ok(['rmi', tag]);
  }
}

const base: readonly Entry[] = [
  dir('d', { mode: 0o750, uid: 4 }),
  file('d/x', 'x'),
  dir('d/sub'),
  file('d/sub/y', 'y'),
  symlink('s', 'd'),
  file('f', 'file'),
];

describe('layers stack as in Docker', () => {
  beforeEach(({ skip }) => {
    if (!docker) skip(NO_DOCKER);
  });

  test.each<[string, Layers]>([
    ['a file replaced', [base, [file('f', 'new!!', { mode: 0o600 })]]],
    ['a whiteout of a file', [base, [whiteout('f')]]],
    ['a whiteout of a directory', [base, [whiteout('d')]]],
    ['a whiteout of nothing', [base, [dir('d'), whiteout('d/nothing')]]],
    ['a directory described again', [base, [dir('d', { mode: 0o700, uid: 9 })]]],
    ['a directory emptied', [base, [dir('d'), opaque('d')]]],
    ['a directory emptied and filled', [base, [dir('d'), opaque('d'), file('d/z', 'z')]]],
    ['a directory filled and emptied', [base, [dir('d'), file('d/z', 'z'), opaque('d')]]],
    ['a file in place of a directory', [base, [file('d', 'no directory')]]],
    ['a directory in place of a file', [base, [dir('f'), file('f/x', 'x')]]],
    ['a directory in place of a symlink', [base, [dir('s'), file('s/z', 'z')]]],
    ['a file in place of a symlink', [base, [file('s', 'z')]]],
    ['a symlink in place of a directory', [base, [symlink('d', 'f')]]],
    ['below a symlink', [base, [dir('t'), symlink('l', '/t'), file('l/z', 'z')]]],
    ['below a symlink upwards', [base, [dir('t'), symlink('l', '../../t'), file('l/z', 'z')]]],
    ['below a symlink of a lower layer', [base, [file('s/z', 'z')]]],
    ['below a file of a lower layer', [base, [file('f/z', 'z')]]],
    ['below a directory of a lower layer', [base, [file('d/sub/z', 'z'), dir('d', { uid: 4 })]]],
    ['below nothing', [base, [file('n/m/z', 'z')]]],
    ['a whiteout below a symlink of a lower layer', [base, [whiteout('s/x')]]],
    ['a whiteout below nothing', [base, [whiteout('n/x')]]],
    ['a hard link', [base, [file('a', 'a'), hardlink('b', 'a')]]],
    ['a hard link broken above', [[file('a', 'a'), hardlink('b', 'a')], [file('a', 'aa')]]],
    ['three layers', [base, [whiteout('d/x'), dir('d')], [file('d/x', 'back')]]],
  ])('%s', async (_, layers) => {
    await compare(layers, layers);
  });

  // As they are, Docker would show these layers' lower directories through: it loses the whiteout
  // when the directory takes its place. Written by this project they mean what they say.
  test.each<[string, readonly Entry[]]>([
    ['a directory removed and made again', [whiteout('d'), dir('d'), file('d/z', 'z')]],
    ['a directory removed and filled again', [whiteout('d'), file('d/z', 'z')]],
    ['a file removed and written again', [whiteout('f'), file('f', 'again')]],
    ['a hard link before its file', [hardlink('a', 'z'), file('z', 'text')]],
  ])('%s, sorted', async (_, layer) => {
    const sorted = sortEntries(layer);
    const meant = layer.some((entry) => entry.type === 'hardlink') ? sorted : layer;
    await compare([base, meant], [base, sorted]);
  });
});

/** Our tree of some layers against Docker's of (other forms of) them. */
async function compare(ours: Layers, theirs: Layers): Promise<void> {
  if (!docker) return;
  const tree = ours.reduce((lower, layer) => lower.apply(layer), emptyTree);
  const mine = [...tree.walk()].map(({ entry }) => describeEntry(entry));
  const all = await exported(docker, theirs);
  // A name of a hard link is exported as one: what it links to has the metadata.
  const resolved = all.map((entry) => {
    const other = all.find(({ path }) => entry.type === 'hardlink' && path === entry.target);
    return other ? { ...other, path: entry.path } : entry;
  });
  expect(resolved.map(describeEntry).sort()).toEqual(mine.sort());
}
