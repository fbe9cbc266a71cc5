import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dir, file, hardlink, symlink } from '../../testing/entries.ts';
import { writableOver } from '../../testing/writable.ts';
import { collect } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { BLOCK } from './file-data.ts';
import { type FileNode, FORMAT } from './node.ts';

const RUNS = Number(process.env['SEMDISTRO_FUZZ_RUNS'] ?? 150);

/** The model: what a file system is, without layers, blocks or laziness. */
interface Model {
  readonly children?: Map<string, Model>;
  bytes: Uint8Array;
  mode: number;
  readonly target?: string;
}

const LOWER = emptyTree.apply([
  dir('a'),
  file('a/f', 'f'.repeat(10)),
  file('a/g', 'g'.repeat(BLOCK + 10)),
  dir('a/b'),
  file('a/b/h', 'h'),
  hardlink('a/b/i', 'a/b/h'),
  symlink('l', 'a'),
  dir('c'),
]);

async function modelOf(tree: FileTree): Promise<Model> {
  const byInode = new Map<number, Model>();
  const build = async (path: string): Promise<Model> => {
    const node = tree.get(path);
    if (!node) throw new Error(`no ${path}`);
    const { entry, inode } = node;
    const known = byInode.get(inode);
    if (known) return known;
    const made: Model = {
      bytes: entry.content ? await collect(entry.content.stream()) : new Uint8Array(0),
      mode: entry.mode,
      ...(entry.type === 'symlink' && { target: entry.target ?? '' }),
      ...(entry.type === 'dir' && { children: new Map<string, Model>() }),
    };
    byInode.set(inode, made);
    for (const name of tree.list(path)) {
      made.children?.set(name, await build(path === '' ? name : `${path}/${name}`));
    }
    return made;
  };
  return build('');
}

/** Every path with everything that is known of it; names of one file have the same number. */
function describeModel(root: Model): readonly string[] {
  const numbers = new Map<Model, number>();
  const lines: string[] = [];
  const go = (model: Model, path: string): void => {
    if (!numbers.has(model)) numbers.set(model, numbers.size);
    const kind = model.children ? 'dir' : model.target === undefined ? 'file' : 'link';
    lines.push(
      `${path} ${kind} ${numbers.get(model)} ${model.mode} ${hash(model.bytes)} ${model.target}`,
    );
    for (const name of [...(model.children?.keys() ?? [])].sort()) {
      const child = model.children?.get(name);
      if (child) go(child, `${path}/${name}`);
    }
  };
  go(root, '');
  return lines;
}

function hash(bytes: Uint8Array): string {
  let sum = 17;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
  return `${bytes.length}:${sum}`;
}

type Act = (model: Model, root: FileNode) => Promise<void>;

const path = fc.oneof(
  fc.constantFrom('a', 'a/f', 'a/g', 'a/b', 'a/b/h', 'a/b/i', 'c', 'l', 'n', 'a/n', 'c/n', 'c/b'),
  fc
    .array(fc.constantFrom('a', 'b', 'c', 'f', 'h', 'n'), { minLength: 1, maxLength: 3 })
    .map((names) => names.join('/')),
);

const findModel = (root: Model, at: string): Model | undefined =>
  at === ''
    ? root
    : at.split('/').reduce((m: Model | undefined, name) => m?.children?.get(name), root);

async function findNode(root: FileNode, at: string): Promise<FileNode | undefined> {
  let node: FileNode | undefined = root;
  for (const name of at === '' ? [] : at.split('/')) {
    if (node?.format !== FORMAT.directory) return undefined;
    node = await node.lookup(name);
  }
  return node;
}

const FORMATS = { file: FORMAT.file, dir: FORMAT.directory, symlink: FORMAT.symlink } as const;

const parent = (at: string): string => at.slice(0, Math.max(at.lastIndexOf('/'), 0));
const base = (at: string): string => at.slice(at.lastIndexOf('/') + 1);

/** Does the same to both; the tree must refuse exactly what the model refuses. */
async function both(model: () => boolean, node: () => Promise<unknown>): Promise<void> {
  const may = model();
  const done = await node().then(
    () => true,
    () => false,
  );
  expect(done).toBe(may);
}

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc
    .tuple(path, fc.constantFrom('file' as const, 'dir' as const, 'symlink' as const))
    .map(([at, kind]): Act => async (model, root) => {
      const into = findModel(model, parent(at));
      const node = await findNode(root, parent(at));
      if (!into?.children || !node) return;
      const made: Model = {
        bytes: new Uint8Array(0),
        mode: 0o600,
        ...(kind === 'dir' && { children: new Map<string, Model>() }),
        ...(kind === 'symlink' && { target: 'x' }),
      };
      await both(
        () => !into.children?.has(base(at)) && into.children?.set(base(at), made) !== undefined,
        async () =>
          node.create(base(at), {
            ...{ format: FORMATS[kind], mode: 0o600, uid: 0, gid: 0 },
            ...(kind === 'symlink' && { target: 'x' }),
          }),
      );
    }),
  fc
    .tuple(path, fc.nat(2 * BLOCK), fc.oneof(fc.nat(20), fc.nat(BLOCK + 5)), fc.nat(255))
    .map(([at, offset, length, value]): Act => async (model, root) => {
      const into = findModel(model, at);
      const node = await findNode(root, at);
      if (!into || !node || into.children || into.target !== undefined) return;
      const bytes = new Uint8Array(length).fill(value);
      const grown = new Uint8Array(
        length === 0 ? into.bytes.length : Math.max(into.bytes.length, offset + length),
      );
      grown.set(into.bytes);
      grown.set(bytes, length === 0 ? 0 : offset);
      into.bytes = grown;
      const opened = await node.open({ write: true, truncate: false });
      await opened.write(offset, bytes);
      await opened.close();
    }),
  fc.tuple(path, fc.nat(2 * BLOCK)).map(([at, size]): Act => async (model, root) => {
    const into = findModel(model, at);
    const node = await findNode(root, at);
    if (!into || !node || into.children || into.target !== undefined) return;
    const cut = new Uint8Array(size);
    cut.set(into.bytes.subarray(0, size));
    into.bytes = cut;
    await node.change({ size });
  }),
  fc
    .tuple(path, fc.constantFrom(0o600, 0o644, 0o755))
    .map(([at, mode]): Act => async (model, root) => {
      const into = findModel(model, at);
      if (!into) return;
      into.mode = mode;
      await (await findNode(root, at))?.change({ mode });
    }),
  fc.tuple(path, fc.boolean()).map(([at, directory]): Act => async (model, root) => {
    const from = findModel(model, parent(at));
    const node = await findNode(root, parent(at));
    if (!from?.children || !node) return;
    const { children } = from;
    await both(
      () => {
        const old = children.get(base(at));
        if (!old || (old.children !== undefined) !== directory) return false;
        return (old.children?.size ?? 0) === 0 && children.delete(base(at));
      },
      async () => node.unlink(base(at), directory),
    );
  }),
  fc.tuple(path, path).map(([from, to]): Act => async (model, root) => {
    const [source, target] = [findModel(model, parent(from)), findModel(model, parent(to))];
    const [a, b] = [await findNode(root, parent(from)), await findNode(root, parent(to))];
    if (!source?.children || !target?.children || !a || !b) return;
    const [names, others] = [source.children, target.children];
    await both(
      () => {
        const moved = names.get(base(from));
        const old = others.get(base(to));
        if (!moved) return false;
        if (moved === old) return true;
        if (moved.children && `${to}/`.startsWith(`${from}/`)) return false;
        if (old && (old.children !== undefined) !== (moved.children !== undefined)) return false;
        if ((old?.children?.size ?? 0) > 0) return false;
        names.delete(base(from));
        others.set(base(to), moved);
        return true;
      },
      async () => a.rename(base(from), b, base(to)),
    );
  }),
  fc.tuple(path, path).map(([from, to]): Act => async (model, root) => {
    const [source, target] = [findModel(model, from), findModel(model, parent(to))];
    const [a, b] = [await findNode(root, from), await findNode(root, parent(to))];
    if (!source || !target?.children || !a || !b) return;
    const { children } = target;
    await both(
      () => !source.children && !children.has(base(to)) && children.set(base(to), source).size > 0,
      async () => b.link(base(to), a),
    );
  }),
);

test('a writable tree is the model, seen live, as a view, as changes put on again, and in snapshots', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 25 }), fc.nat(25), async (all, half) => {
      const tree = writableOver(LOWER);
      const model = await modelOf(LOWER);
      let snapshot:
        { readonly changes: readonly Entry[]; readonly then: readonly string[] } | undefined;
      for (const [index, act] of all.entries()) {
        if (index === half) {
          snapshot = { changes: await tree.changes(), then: describeModel(model) };
        }
        await act(model, tree.root);
      }
      const expected = describeModel(model);
      expect(describeModel(await liveModel(tree.root))).toEqual(expected);
      expect(describeModel(await modelOf(await tree.view()))).toEqual(expected);
      const changes = await tree.changes();
      const again = writableOver(LOWER, changes);
      expect(describeModel(await liveModel(again.root))).toEqual(expected);
      expect(describeModel(await modelOf(await again.view()))).toEqual(expected);
      if (snapshot) {
        const then = LOWER.apply(snapshot.changes);
        expect(describeModel(await modelOf(then))).toEqual(snapshot.then);
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);

/** The tree by its nodes, as a client of the server sees it. */
async function liveModel(root: FileNode): Promise<Model> {
  const known = new Map<number, Model>();
  const build = async (node: FileNode): Promise<Model> => {
    const old = known.get(node.id);
    if (old) return old;
    const { mode, size } = await node.attributes();
    const bytes = new Uint8Array(node.format === FORMAT.file ? size : 0);
    if (node.format === FORMAT.file) {
      const opened = await node.open({ write: false, truncate: false });
      expect(await opened.read(0, bytes)).toBe(size);
      await opened.close();
    }
    const made: Model = {
      bytes,
      mode: mode & 0o7777,
      ...(node.format === FORMAT.symlink && { target: await node.readLink() }),
      ...(node.format === FORMAT.directory && { children: new Map<string, Model>() }),
    };
    known.set(node.id, made);
    for (const { name } of made.children ? await node.list() : []) {
      const child = await node.lookup(name);
      if (child) made.children?.set(name, await build(child));
    }
    return made;
  };
  return build(root);
}
