import { describe, expect, it } from 'vitest';
import { collect, once, utf8 } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import { now, put } from './tree.ts';
import { sharedWorkspace } from './shared.ts';
import { openWorkspace } from './workspace.ts';

function setUp() {
  const workspace = openWorkspace();
  workspace.write('Dockerfile', utf8('FROM scratch'));
  workspace.write('app/main.go', utf8('package main'));
  workspace.link('link', 'app');
  const shared = sharedWorkspace(workspace);
  return { workspace, shared, files: shared.files(new AbortController().signal) };
}

const entry = (type: Entry['type'], path: string, more: Partial<Entry> = {}): Entry => ({
  ...{ type, path, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 },
  ...more,
});

describe('the workspace, for docker', () => {
  it('says what is a link, and where it leads', () => {
    const { shared } = setUp();
    expect([shared.linkAt('link'), shared.linkAt('app'), shared.linkAt('no')]).toEqual([
      ...['app', null, undefined],
    ]);
  });

  it('gives files, and none for a folder', async () => {
    const { files } = setUp();
    const content = await files.open('app/main.go');
    expect(content && new TextDecoder().decode(await collect(content.stream()))).toBe(
      'package main',
    );
    expect(await files.open('none')).toBeUndefined();
    await expect(files.open('app')).rejects.toMatchObject({ code: 'is-a-directory' });
    expect([await files.kind('.'), await files.kind('Dockerfile'), await files.kind('no')]).toEqual(
      ['dir', 'file', 'none'],
    );
  });

  it('is a context that does not change, whole or a folder of it', async () => {
    const { workspace, files } = setUp();
    const [whole, part] = [await files.context('.'), await files.context('app')];
    workspace.write('app/main.go', utf8('changed'));
    const paths = (tree: typeof whole.tree) => Array.from(tree.walk(), (node) => node.entry.path);
    expect(paths(whole.tree)).toEqual(['Dockerfile', 'app', 'app/main.go', 'link']);
    expect(paths(part.tree)).toEqual(['main.go']);
    const bytes = await part.tree.get('main.go')?.entry.content?.read(0, 100);
    expect(new TextDecoder().decode(bytes)).toBe('package main');
    await expect(files.context('none')).rejects.toMatchObject({ code: 'context-missing' });
    await expect(files.context('Dockerfile')).rejects.toMatchObject({ code: 'context-not-dir' });
  });

  it('keeps what is one file under two names one file', async () => {
    const { workspace, files } = setUp();
    const node = now(workspace.root.lookup('Dockerfile'));
    if (node) now(workspace.root.link('twin', node));
    const { tree } = await files.context('.');
    expect(tree.get('twin')?.inode).toBe(tree.get('Dockerfile')?.inode);
  });

  it('is written to, where there is a folder', async () => {
    const { workspace, files } = setUp();
    await files.write('app/out.tar', once(utf8('tar')));
    expect(workspace.paths()).toContain('app/out.tar');
    await expect(files.write('no/out.tar', once(utf8('')))).rejects.toMatchObject({
      code: 'output-missing-dir',
    });
    await expect(files.write('app', once(utf8('')))).rejects.toMatchObject({
      code: 'is-a-directory',
    });
    const broken = (async function* () {
      yield utf8('half');
      throw new Error('broke off');
    })();
    await expect(files.write('Dockerfile', broken)).rejects.toThrow('broke off');
    const content = await files.open('Dockerfile');
    expect(content?.size).toBe('FROM scratch'.length);
  });

  it('gets a tree that a build gives out', async () => {
    const { workspace, files } = setUp();
    const bytes = utf8('#!/bin/sh');
    const tree = emptyTree.apply([
      entry('dir', 'bin'),
      entry('file', 'bin/run', { size: bytes.length, content: contentOf(bytes) }),
      entry('symlink', 'latest', { target: 'bin/run' }),
    ]);
    await files.writeTree('out', tree);
    expect(workspace.paths()).toEqual(expect.arrayContaining(['out/bin/run', 'out/latest']));
    const node = now(workspace.root.lookup('out'));
    expect(node && now(node.attributes()).mode & 0o777).toBe(0o755);
    // A folder that is not empty stays.
    put(workspace.root, 'latest', { kind: 'dir', mode: 0o755 });
    workspace.write('latest/mine', utf8('mine'));
    await expect(files.writeTree('.', tree)).rejects.toMatchObject({ code: 'output-blocked' });
    const device = emptyTree.apply([entry('fifo', 'pipe')]);
    await expect(files.writeTree('.', device)).rejects.toMatchObject({
      code: 'output-unsupported',
    });
  });
});
