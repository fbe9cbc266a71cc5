import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { collect, decodeName } from '../../engine/bytes.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { hostFiles } from '../host-files.ts';
import { asNobody, testFolder } from './testing.ts';

const { root, fresh } = testFolder('context');
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let dir: string;
beforeEach(() => {
  dir = fresh();
});

async function read(wants?: (path: string, isDir: boolean) => boolean): Promise<FileTree> {
  return (await hostFiles(dir).context('.', wants)).tree;
}

function paths(tree: FileTree): readonly string[] {
  return [...tree.walk()].map(({ entry }) => entry.path);
}

async function text(tree: FileTree, path: string): Promise<string> {
  const content = tree.get(path)?.entry.content;
  if (!content) throw new Error(`${path} has no content`);
  return new TextDecoder().decode(await collect(content.stream()));
}

describe('a context', () => {
  it('is what find(1) says of the directory, owned by 0:0', async () => {
    mkdirSync(join(dir, 'src/deep'), { recursive: true });
    writeFileSync(join(dir, 'src/main.c'), 'int main;');
    writeFileSync(join(dir, 'src/deep/empty'), '');
    writeFileSync(join(dir, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(dir, 'run.sh'), 0o4755);
    chmodSync(join(dir, 'src/deep'), 0o1750);
    symlinkSync('../run.sh', join(dir, 'src/up'));
    symlinkSync('/etc/passwd', join(dir, 'outside'));
    symlinkSync('.', join(dir, 'loop'));
    utimesSync(join(dir, 'src/main.c'), 1e9, 1e9 + 0.25);
    execFileSync('mkfifo', ['-m', '640', join(dir, 'pipe')]);

    const format = '%P %y %m %s %l %T@\\n';
    const found = execFileSync('find', [dir, '-mindepth', '1', '-printf', format]);
    const lines = found.toString().trimEnd().split('\n').sort();
    const kinds: Readonly<Record<string, string>> = {
      file: 'f',
      dir: 'd',
      symlink: 'l',
      fifo: 'p',
    };
    const tree = await read();
    const ours = [...tree.walk()].map(({ entry }) => {
      expect([entry.uid, entry.gid]).toEqual([0, 0]);
      return { entry, kind: kinds[entry.type] ?? '?' };
    });
    expect(ours).toHaveLength(lines.length);
    for (const line of lines) {
      const [path, kind, mode, size, target, time] = line.split(' ');
      const our = ours.find(({ entry }) => entry.path === path);
      expect([our?.kind, our?.entry.mode.toString(8)], path).toEqual([kind, mode]);
      expect(our?.entry.mtime, path).toBeCloseTo(Number(time), 2);
      expect(our?.entry.target ?? '', path).toBe(target);
      if (kind === 'f') expect(our?.entry.size, path).toBe(Number(size));
    }
    expect(tree.get('src/main.c')?.entry.mtime).toBe(1e9 + 0.25);
    expect(await text(tree, 'src/main.c')).toBe('int main;');
    expect(await text(tree, 'src/deep/empty')).toBe('');
  });

  it('has a file with several names as one file, by the first of them that is wanted', async () => {
    writeFileSync(join(dir, 'one'), 'same');
    linkSync(join(dir, 'one'), join(dir, 'two'));
    linkSync(join(dir, 'one'), join(root, 'three'));
    const tree = await read();
    expect(paths(tree)).toEqual(['one', 'two']);
    expect(await text(tree, 'two')).toBe('same');
    expect(tree.get('one')?.inode).toBe(tree.get('two')?.inode);

    const second = await read((path) => path !== 'one');
    expect(paths(second)).toEqual(['two']);
    expect(await text(second, 'two')).toBe('same');
  });

  it('leaves sockets out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(dir, 'socket'), resolve));
    writeFileSync(join(dir, 'file'), '');
    expect(paths(await read())).toEqual(['file']);
    server.close();
  });

  it('keeps names that are not UTF-8', async () => {
    const name = Buffer.from([0x66, 0xff, 0x6f]);
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), name]), 'odd');
    mkdirSync(Buffer.concat([Buffer.from(`${dir}/d`), name]));
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/d`), name, Buffer.from('/in')]), 'inside');
    const tree = await read();
    expect(await text(tree, decodeName(name))).toBe('odd');
    expect(await text(tree, `d${decodeName(name)}/in`)).toBe('inside');
  });

  it('is not read where nobody wants it', async () => {
    mkdirSync(join(dir, 'node_modules/a'), { recursive: true });
    writeFileSync(join(dir, 'node_modules/a/x'), '');
    mkdirSync(join(dir, 'src'));
    writeFileSync(join(dir, 'src/x'), '');
    writeFileSync(join(dir, 'src/x.log'), '');
    const asked: string[] = [];
    const tree = await read((path, isDir) => {
      asked.push(`${path}${isDir ? '/' : ''}`);
      return path !== 'node_modules' && !path.endsWith('.log');
    });
    expect(paths(tree)).toEqual(['src', 'src/x']);
    expect(asked.sort()).toEqual(['node_modules/', 'src/', 'src/x', 'src/x.log']);
  });

  it('may be named by a link', async () => {
    writeFileSync(join(dir, 'x'), 'x');
    symlinkSync(dir, join(root, 'link'));
    const { tree } = await hostFiles(root).context('link');
    expect(paths(tree)).toEqual(['x']);
  });

  it.each([
    ['missing', 'context-missing', 'unable to prepare context: path "missing" not found'],
    ['file/below', 'context-missing', 'unable to prepare context: path "file/below" not found'],
    ['file', 'context-not-dir', 'unable to prepare context: context must be a directory: file'],
  ])('cannot be %s', async (path, code, message) => {
    writeFileSync(join(dir, 'file'), '');
    await expect(hostFiles(dir).context(path)).rejects.toMatchObject({ code, message });
  });

  it('says which directory or file may not be read', async () => {
    mkdirSync(join(dir, 'sub/closed'), { recursive: true });
    writeFileSync(join(dir, 'sub/secret'), 'x');
    chmodSync(join(dir, 'sub/secret'), 0o000);
    chmodSync(join(dir, 'sub/closed'), 0o000);
    await asNobody(async () => {
      await expect(read()).rejects.toMatchObject({
        code: 'permission-denied',
        message: 'open sub/closed: permission denied',
      });
      const tree = await read((path) => path !== 'sub/closed');
      await expect(text(tree, 'sub/secret')).rejects.toMatchObject({
        code: 'permission-denied',
        message: 'open sub/secret: permission denied',
      });
    });
    chmodSync(join(dir, 'sub/closed'), 0o755);
  });
});

describe.each([
  ['small', 1000],
  ['large', 700_000],
])('a %s file of a context', (_, size) => {
  const was = (): string => join(dir, 'file');
  const changes: Readonly<Record<string, () => void>> = {
    'is written again': () => {
      writeFileSync(was(), 'y'.repeat(size));
    },
    grows: () => {
      appendFileSync(was(), 'more');
    },
    shrinks: () => {
      truncateSync(was(), size - 1);
    },
    'is removed': () => {
      rmSync(was());
    },
    'is replaced by another': () => {
      writeFileSync(join(dir, 'new'), 'z'.repeat(size));
      renameSync(join(dir, 'new'), was());
    },
    'becomes a link': () => {
      renameSync(was(), join(dir, 'moved'));
      symlinkSync('moved', was());
    },
    'becomes a directory': () => {
      rmSync(was());
      mkdirSync(was());
    },
  };
  beforeEach(() => {
    writeFileSync(was(), 'x'.repeat(size));
    utimesSync(was(), 1e9, 1e9);
  });

  it.each(Object.keys(changes))('that %s is noticed when it is read', async (change) => {
    const content = (await read()).get('file')?.entry.content;
    if (!content) throw new Error('no content');
    expect(await content.read(0, 3)).toEqual(new TextEncoder().encode('xxx'));
    changes[change]?.();
    const error = {
      code: 'context-changed',
      message: 'file: file changed while it was being read',
    };
    await expect(collect(content.stream())).rejects.toMatchObject(error);
    await expect(content.read(0, 3)).rejects.toMatchObject(error);
    await expect(content.read(0, size)).rejects.toMatchObject(error);
  });

  it('that is left alone can be read in parts, again and again', async () => {
    const content = (await read()).get('file')?.entry.content;
    if (!content) throw new Error('no content');
    expect(content.size).toBe(size);
    expect(await content.read(size - 2, 100)).toHaveLength(2);
    expect(await content.read(size + 2, 100)).toHaveLength(0);
    expect(await collect(content.stream())).toHaveLength(size);
    expect(await collect(content.stream())).toHaveLength(size);
  });
});

it('a change in the middle of a stream is noticed', async () => {
  writeFileSync(join(dir, 'file'), 'x'.repeat(1_000_000));
  const tree = await read();
  const reading = (async () => {
    for await (const chunk of tree.get('file')?.entry.content?.stream() ?? []) {
      expect(chunk.length).toBeGreaterThan(0);
      appendFileSync(join(dir, 'file'), 'y');
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: 'context-changed' });
});
