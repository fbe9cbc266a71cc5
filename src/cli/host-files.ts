import type { Stats } from 'node:fs';
import { open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type ByteStream, collect } from '../engine/bytes.ts';
import type { HostFiles } from '../engine/docker/session.ts';
import { EngineError } from '../engine/errors.ts';
import type { Content } from '../engine/layer/entry.ts';
import { contentOf } from '../engine/layer/content.ts';
import { isRunning } from '../pantry/is-running.ts';
import { fileContent } from './files/file-content.ts';
import { fileError } from './files/file-errors.ts';
import { readContext } from './files/read-context.ts';
import { pauses } from './files/pause.ts';
import { writeTree } from './files/write-tree.ts';
import { writeDurably } from './store/durable.ts';
import { errnoOf } from './store/fs-errors.ts';

/** What comes out of a pipe named as a file is kept in memory, up to this. */
const MAX_PIPE = 256 * 1024 * 1024;

/** The files of whoever runs the command; relative paths start at `cwd`. What takes long ends with `signal`. */
export function hostFiles(cwd: string, signal?: AbortSignal): HostFiles {
  const pause = pauses(signal);
  return {
    open: (path) => openFile(resolve(cwd, path), path),
    write: (path, bytes) => writeWhole(resolve(cwd, path), path, until(signal, bytes)),
    async kind(path) {
      const found = await statOf(resolve(cwd, path), path);
      if (!found) return 'none';
      return found.isDirectory() ? 'dir' : 'file';
    },
    context: (path, wants = () => true) => readContext(resolve(cwd, path), path, wants, pause),
    writeTree: (path, tree) => writeTree(resolve(cwd, path), path, tree, pause),
  };
}

async function* until(signal: AbortSignal | undefined, bytes: ByteStream): ByteStream {
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

async function openFile(path: string, shown: string): Promise<Content | undefined> {
  const found = await statOf(path, shown);
  if (!found) return undefined;
  if (found.isDirectory()) {
    throw new EngineError('is-a-directory', `read ${shown}: is a directory`);
  }
  try {
    if (!found.isFile()) return contentOf(await readPipe(path, shown));
    // Not access(2): that asks for the real user, and opening is for the effective one.
    await (await open(path, 'r')).close();
    // A link may be changed meanwhile; the file it led to is the one that was seen.
    return fileContent({ path: await realpath(path), shown, stat: found });
  } catch (error) {
    throw fileError(error, 'open', shown);
  }
}

/** `-f <(command)` and `-i /dev/stdin`: what can be read but once, and has no size. */
async function readPipe(path: string, shown: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    // Copied: what the stream gives are Buffers.
    return new Uint8Array(await collect(file.createReadStream({ autoClose: false }), MAX_PIPE));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EngineError('file-too-large', `${shown} gives more than ${MAX_PIPE} bytes`, {
      hint: 'Write it to a file first.',
    });
  } finally {
    await file.close();
  }
}

async function writeWhole(path: string, shown: string, bytes: ByteStream): Promise<void> {
  const dir = await statOf(dirname(path), dirname(shown));
  if (!dir?.isDirectory()) {
    throw new EngineError(
      'output-missing-dir',
      `invalid output path: directory ${JSON.stringify(dirname(shown))} does not exist`,
      { hint: 'Make the directory first.' },
    );
  }
  const found = await statOf(path, shown);
  if (found?.isDirectory()) {
    throw new EngineError('is-a-directory', `open ${shown}: is a directory`);
  }
  if (found && !found.isFile()) {
    throw new EngineError(
      'output-not-file',
      `invalid output path: ${JSON.stringify(shown)} must be a directory or a regular file`,
    );
  }
  let failure: unknown;
  const watched = (async function* (): ByteStream {
    try {
      yield* bytes;
    } catch (error) {
      failure = error;
      throw error;
    }
  })();
  try {
    // Through a link the file it leads to is replaced, not the link.
    const target = found ? await realpath(path) : path;
    const prefix = `.${basename(target).slice(0, 200)}.`;
    await removeLeftovers(dirname(target), prefix);
    const temporary = join(dirname(target), `${prefix}${process.pid}.new`);
    await writeDurably(temporary, watched, () => target, found ? found.mode & 0o777 : 0o666);
  } catch (error) {
    // What the producer of the bytes fails with is not about this file.
    throw error === failure ? error : fileError(error, 'write', shown);
  }
}

/** What processes that were killed left of the same file. */
async function removeLeftovers(dir: string, prefix: string): Promise<void> {
  // A folder may be written to and not be listed; tidying up is no reason to fail.
  for (const name of await readdir(dir).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)\.new$/.exec(name.slice(prefix.length))?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(dir, name), { force: true });
  }
}

async function statOf(path: string, shown: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw fileError(error, 'stat', shown);
  }
}
