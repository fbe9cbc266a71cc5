import { createHash } from 'node:crypto';
import { emptyTree } from '../../engine/layer/file-tree.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { Folder } from '../../verify/folder.ts';
import { bytesField, message, numberField } from './protobuf.ts';
import type { Call, Method } from './session.ts';

export const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy';

/** What a builder may ask for, by the names it uses: `context`, `dockerfile`. */
export type SentFolders = Readonly<Record<string, FileTree>>;

/**
 * Sends folders as BuildKit's own client does (tonistiigi/fsutil): first what there is, in order,
 * then the contents that are asked for. Everything is the root's.
 */
export function fileSync(folders: SentFolders): Method {
  return async (call) => {
    const name = call.headers['dir-name'];
    const tree = folders[typeof name === 'string' ? name : (name?.[0] ?? '')];
    if (!tree) throw new Error(`no folder ${String(name)}`);
    const entries = [...tree.walk()].map(({ entry }) => entry);
    for (const entry of entries) await call.send(message([2, await statOf(entry)]));
    await call.send(message()); // all is told: a STAT without one
    await answer(call, entries);
  };
}

const REQUEST = 1;
const DATA = 2n;
const FINISHED = 3;
const FAILED = 4;
const CHUNK = 32 * 1024;

async function answer(call: Call, entries: readonly Entry[]): Promise<void> {
  for await (const packet of call.incoming) {
    const type = numberField(packet, 1);
    if (type === FINISHED) {
      await call.send(message([1, BigInt(FINISHED)]));
      return;
    }
    if (type === FAILED) {
      throw new Error(new TextDecoder().decode(bytesField(packet, 4) ?? new Uint8Array(0)));
    }
    if (type !== REQUEST) continue;
    const id = numberField(packet, 3);
    const content = entries[id]?.content;
    for (let at = 0; content && at < content.size; at += CHUNK) {
      const data = await content.read(at, Math.min(CHUNK, content.size - at));
      await call.send(message([1, DATA], [3, BigInt(id)], [4, data]));
    }
    await call.send(message([1, DATA], [3, BigInt(id)]));
  }
}

/** Go's os.FileMode has the kind above the permission bits. */
const GO_DIRECTORY = 0x8000_0000n;

async function statOf(entry: Entry): Promise<Uint8Array> {
  const kind = entry.type === 'dir' ? GO_DIRECTORY : 0n;
  return message(
    [1, entry.path],
    [2, kind | BigInt(entry.mode)],
    [5, BigInt(entry.size)],
    [6, await timeOf(entry)],
  );
}

/** 1 January 2024. The same for all, so that the same files always make the same layer. */
const SECONDS = 1_704_067_200n;

/**
 * Nanoseconds. The builder keeps what it was sent and asks again only for what has another size or
 * time; a layer has whole seconds. So what is below a second comes from the content.
 */
async function timeOf({ content }: Entry): Promise<bigint> {
  const bytes = content === undefined ? new Uint8Array(0) : await content.read(0, content.size);
  const hash = createHash('sha256').update(bytes).digest();
  return SECONDS * 1_000_000_000n + BigInt(hash.readUInt32BE() % 1_000_000_000);
}

/** A learner's files as a tree, with the folders they lie in. */
export function treeOfFolder(folder: Folder, wanted: (path: string) => boolean): FileTree {
  const entries = new Map<string, Entry>();
  const owner = { uid: 0, gid: 0, mtime: 0 };
  for (const [path, { bytes, executable }] of folder) {
    if (!wanted(path)) continue;
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const above = path.slice(0, at);
      entries.set(above, { type: 'dir', path: above, mode: 0o755, size: 0, ...owner });
    }
    const mode = executable ? 0o755 : 0o644;
    const content = contentOf(bytes);
    entries.set(path, { type: 'file', path, mode, size: bytes.length, ...owner, content });
  }
  return emptyTree.apply(entries.values());
}
