import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { textOf } from '../../verify/folder.ts';
import { openWorkspace } from '../files/workspace.ts';
import { now, put } from '../files/tree.ts';
import { readAnswer } from './answer.ts';
import { labNamed } from './labs.ts';

const lab = await labNamed('tabela-medida');

describe('what a check sees of the workspace', () => {
  it('is what a build would, and what the lab gave out', async () => {
    const workspace = openWorkspace();
    workspace.write('.dockerignore', utf8('*.txt\nnode_modules'));
    workspace.write('tabela.txt', utf8('mine'));
    workspace.write('other.txt', utf8('ignored'));
    workspace.write('node_modules/a/index.js', utf8('ignored'));
    workspace.write('app/run', utf8('#!/bin/sh'));
    const app = now(workspace.root.lookup('app'));
    const run = app && now(app.lookup('run'));
    if (run) now(run.change({ mode: 0o755 }));
    const folder = await readAnswer(await workspace.view(), lab);
    expect([...folder.keys()].sort()).toEqual(['.dockerignore', 'app/run', 'tabela.txt']);
    expect(folder.get('app/run')?.executable).toBe(true);
    expect(folder.get('tabela.txt')?.executable).toBe(false);
  });

  it('has links to files as files, and no link that leads out', async () => {
    const workspace = openWorkspace();
    workspace.write('a', utf8('a'));
    workspace.link('b', 'a');
    workspace.link('out', '../../etc/passwd');
    workspace.link('loop', 'loop');
    put(workspace.root, 'dir', { kind: 'dir', mode: 0o755 });
    workspace.link('to-dir', 'dir');
    const folder = await readAnswer(await workspace.view(), lab);
    expect([...folder.keys()].sort()).toEqual(['a', 'b']);
    expect(textOf(folder, 'b')).toBe('a');
  });

  it('leaves nothing out where a Dockerfile has an ignore file of its own', async () => {
    const workspace = openWorkspace();
    workspace.write('.dockerignore', utf8('a'));
    workspace.write('app.Dockerfile.dockerignore', utf8('b'));
    workspace.write('a', utf8('a'));
    expect([...(await readAnswer(await workspace.view(), lab)).keys()]).toContain('a');
  });

  it('that is too large names what is', async () => {
    const workspace = openWorkspace();
    workspace.write('a', utf8('a'));
    workspace.write('large/file', new Uint8Array(1000));
    workspace.write('z', new Uint8Array(100));
    const view = await workspace.view();
    await expect(readAnswer(view, lab, { maxBytes: 1050 })).rejects.toMatchObject({
      code: 'too-large',
      advice: { en: expect.stringContaining('`large`') as string },
    });
    await expect(readAnswer(view, lab, { maxFiles: 2 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});
