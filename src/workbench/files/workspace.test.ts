import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { FORMAT } from '../../machine/files/node.ts';
import type { KeptFile } from './kept.ts';
import { find, now, put, removeAll } from './tree.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const text = (file: KeptFile | undefined): string | undefined =>
  file?.kind === 'file' ? new TextDecoder().decode(file.bytes) : file?.kind;

/** What `changes` tells, in words: content, `dir`, `symlink`, or undefined for what is gone. */
const told = (workspace: Workspace): Record<string, string | undefined> =>
  Object.fromEntries([...workspace.changes()].map(([path, file]) => [path, text(file)]));

const file = (content: string): KeptFile => ({
  ...{ kind: 'file', bytes: utf8(content), mode: 0o644, mtime: 1 },
});

/** As the guest writes: what is there is opened, anything else is made. */
function guestWrites(workspace: Workspace, name: string, content: string): void {
  const { root } = workspace;
  const made = { format: FORMAT.file, mode: 0o644, uid: 0, gid: 0 };
  const node = now(root.lookup(name)) ?? now(root.create(name, made));
  const opened = now(node.open({ write: true, truncate: true }));
  now(opened.write(0, utf8(content)));
  void opened.close();
}

describe('the workspace', () => {
  it('tells what either side changed, once', () => {
    const workspace = openWorkspace();
    workspace.write('src/main.go', utf8('package main'));
    guestWrites(workspace, 'notes', 'from the guest');
    expect(told(workspace)).toEqual({
      ...{ src: 'dir', 'src/main.go': 'package main', notes: 'from the guest' },
    });
    expect(told(workspace)).toEqual({});
    guestWrites(workspace, 'notes', 'again');
    workspace.rename('src', 'app');
    expect(told(workspace)).toEqual({
      ...{ notes: 'again', app: 'dir', 'app/main.go': 'package main' },
      ...{ src: undefined, 'src/main.go': undefined },
    });
    workspace.remove('app');
    expect(told(workspace)).toEqual({ app: undefined, 'app/main.go': undefined });
  });

  it('calls back when the guest changes something, not when it only looks', () => {
    const workspace = openWorkspace();
    workspace.write('a', utf8('a'));
    let touches = 0;
    workspace.onTouch(() => (touches += 1));
    now(find(workspace.root, 'a')?.open({ write: false, truncate: false }));
    now(workspace.root.list());
    expect(touches).toBe(0);
    const node = find(workspace.root, 'a');
    now(node?.change({ mode: 0o755 }));
    expect(touches).toBe(1);
    expect([...workspace.changes()]).toMatchObject([['a', { mode: 0o755 }]]);
  });

  it('writes into the file that is there, so that who has it open sees it', () => {
    const workspace = openWorkspace();
    workspace.write('a', utf8('long text'));
    const before = now(workspace.root.lookup('a'));
    workspace.write('a', utf8('short'));
    expect(now(workspace.root.lookup('a'))).toBe(before);
    expect(told(workspace)).toEqual({ a: 'short' });
  });

  it('never writes through a link', () => {
    const workspace = openWorkspace();
    put(workspace.root, 'link', { kind: 'symlink', target: '/etc/passwd' });
    workspace.write('link', utf8('mine'));
    expect(told(workspace)).toEqual({ link: 'mine' });
  });

  it('is replaced as a whole, under the same root', () => {
    const workspace = openWorkspace();
    const { root } = workspace;
    workspace.write('old/file', utf8('old'));
    workspace.replace(
      new Map<string, KeptFile>([
        ['Dockerfile', file('FROM scratch')],
        ['bin', { kind: 'dir', mode: 0o700 }],
        ['bin/run', { ...file('#!/bin/sh'), mode: 0o755 } as KeptFile],
        ['link', { kind: 'symlink', target: 'bin/run' }],
      ]),
    );
    expect(workspace.root).toBe(root);
    expect(now(root.list()).map(({ name }) => name)).toEqual(['Dockerfile', 'bin', 'link']);
    expect(now(find(root, 'bin/run')?.attributes())?.mode).toBe(FORMAT.file | 0o755);
    // What was put there is kept already.
    expect(told(workspace)).toEqual({});
  });

  it.each([
    [
      'a file in no folder',
      (w: Workspace) => {
        w.rename('gone', 'b');
      },
      'file-missing',
    ],
    [
      'a file over a folder',
      (w: Workspace) => {
        w.write('dir', utf8(''));
      },
      'is-a-folder',
    ],
    [
      'a file below a file',
      (w: Workspace) => {
        w.write('a/b', utf8(''));
      },
      'not-a-folder',
    ],
    [
      'a name that is taken',
      (w: Workspace) => {
        w.rename('a', 'dir');
      },
      'file-exists',
    ],
    [
      'a folder into itself',
      (w: Workspace) => {
        w.rename('dir', 'dir/b');
      },
      'path-invalid',
    ],
    [
      'a way out',
      (w: Workspace) => {
        w.write('../b', utf8(''));
      },
      'path-invalid',
    ],
    [
      'an absolute path',
      (w: Workspace) => {
        w.write('/b', utf8(''));
      },
      'path-invalid',
    ],
    [
      'a name too long',
      (w: Workspace) => {
        w.makeFolder('x'.repeat(256));
      },
      'path-invalid',
    ],
    [
      'what is not there',
      (w: Workspace) => {
        w.remove('gone');
      },
      'file-missing',
    ],
  ])('refuses %s', (_, work, code) => {
    const workspace = openWorkspace();
    workspace.write('a', utf8('a'));
    workspace.makeFolder('dir');
    workspace.changes();
    expect(() => {
      work(workspace);
    }).toThrow(expect.objectContaining({ code }));
    expect(told(workspace)).toEqual({});
  });

  it('when it is full says so, and what was there stays', () => {
    const workspace = openWorkspace({ capacity: 200_000 });
    workspace.write('a', utf8('kept'));
    for (const name of ['a', 'b']) {
      expect(() => {
        workspace.write(name, new Uint8Array(300_000));
      }).toThrow(expect.objectContaining({ code: 'workspace-full' }));
    }
    expect(told(workspace)).toEqual({ a: 'kept' });
    workspace.write('b', new Uint8Array(100_000));
  });

  it('gives a build a view that stays as it was', async () => {
    const workspace = openWorkspace();
    workspace.write('a', utf8('before'));
    const view = await workspace.view();
    workspace.write('a', utf8('after'));
    const bytes = await view.get('a')?.entry.content?.read(0, 100);
    expect(new TextDecoder().decode(bytes)).toBe('before');
  });
});

// What is kept from `changes` alone must always be what is there.
describe('whatever both sides do', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.oneof(
    name,
    fc.tuple(name, name).map((names) => names.join('/')),
  );
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), path, content: fc.string() }),
    fc.record({ kind: fc.constant('guest' as const), path: name, content: fc.string() }),
    fc.record({ kind: fc.constant('rename' as const), path, to: path }),
    fc.record({ kind: fc.constant('remove' as const), path }),
    fc.record({ kind: fc.constant('folder' as const), path }),
    fc.record({ kind: fc.constant('link' as const), path: name, to: name }),
    fc.record({ kind: fc.constant('look' as const) }),
  );

  it('what was told is what there is', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const workspace = openWorkspace();
        const kept = new Map<string, string | undefined>();
        const look = (): void => {
          for (const [at, one] of workspace.changes()) {
            if (one) kept.set(at, text(one));
            else kept.delete(at);
          }
        };
        for (const one of steps) {
          try {
            if (one.kind === 'write') workspace.write(one.path, utf8(one.content));
            if (one.kind === 'guest') guestWrites(workspace, one.path, one.content);
            if (one.kind === 'rename') workspace.rename(one.path, one.to);
            if (one.kind === 'remove') workspace.remove(one.path);
            if (one.kind === 'folder') workspace.makeFolder(one.path);
            if (one.kind === 'link') {
              const node = now(workspace.root.lookup(one.path));
              if (node) now(workspace.root.link(one.to, node));
            }
          } catch {
            // Refused: nothing may have changed, which is what is looked at below.
          }
          if (one.kind === 'look') look();
        }
        look();
        const again = openWorkspace();
        const files = new Map<string, KeptFile>();
        // A workspace that is opened with what was kept has the same files.
        for (const [at, content] of [...kept].sort(([a], [b]) => (a < b ? -1 : 1))) {
          files.set(at, content === 'dir' ? { kind: 'dir', mode: 0o755 } : file(content ?? ''));
        }
        again.replace(files);
        expect(contents(again)).toEqual(contents(workspace));
      }),
      { numRuns: 300 },
    );
  });

  function contents(workspace: Workspace): Record<string, string | undefined> {
    const all: Record<string, string | undefined> = {};
    const visit = (below: string): void => {
      const directory = find(workspace.root, below);
      for (const { name: one } of directory ? now(directory.list()) : []) {
        const at = below === '' ? one : `${below}/${one}`;
        const node = find(workspace.root, at);
        if (node?.format === FORMAT.directory) {
          all[at] = 'dir';
          visit(at);
        } else if (node) {
          const opened = now(node.open({ write: false, truncate: false }));
          const bytes = new Uint8Array(now(node.attributes()).size);
          now(opened.read(0, bytes));
          all[at] = new TextDecoder().decode(bytes);
        }
      }
    };
    visit('');
    return all;
  }
});

describe('removing', () => {
  it('takes a whole folder, links and all', () => {
    const workspace = openWorkspace();
    workspace.write('dir/deep/file', utf8('x'));
    put(workspace.root, 'link', { kind: 'symlink', target: 'dir' });
    removeAll(workspace.root, 'link');
    removeAll(workspace.root, 'dir');
    expect(now(workspace.root.list())).toEqual([]);
  });
});
