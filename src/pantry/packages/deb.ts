import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { EngineError } from '../../engine/errors.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { entriesOfTar } from '../../engine/layer/from-tar.ts';
import { readAr } from './ar.ts';
import type { ArMember } from './ar.ts';
import { parseStanzas, requiredField } from './stanza.ts';
import type { Stanza } from './stanza.ts';
import { unxz } from './xz.ts';

/** A `.deb` file, read. */
export interface Deb {
  /** The `control` file: Package, Version and the rest. */
  readonly control: Stanza;
  /** Every file of the control archive by name: `control`, `md5sums`, `conffiles`, `postinst`… */
  readonly controlFiles: ReadonlyMap<string, Uint8Array>;
  /**
   * The package's files in its own order, paths without `./`, the root directory itself included
   * as ''. Their contents are views of one unpacked archive, which stays in memory as long as any of them.
   */
  readonly entries: readonly Entry[];
}

/** Bytes that one archive within a package may unpack to; the largest in Debian stay far below. */
const LIMIT = 2 ** 31;

/** Reads a package. `name` is what errors call it; all of them are EngineError `deb-corrupt`. */
export async function readDeb(bytes: Uint8Array, name: string): Promise<Deb> {
  return named(name, async () => {
    const members = readAr(bytes);
    checkVersion(members[0]);
    const control = member(members, 'control.tar');
    const data = member(members, 'data.tar');
    const [controlTar, dataTar] = await Promise.all([unpack(control), unpack(data)]);
    const controlFiles = await readControlFiles(controlTar);
    return {
      control: readControl(controlFiles),
      controlFiles,
      entries: await entriesOfTar(contentOf(dataTar), { whiteouts: 'keep' }),
    };
  });
}

async function named<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError('deb-corrupt', `${name}: ${error.message}`, {
      hint: 'Delete the file and run the command again: it is downloaded anew.',
      cause: error,
    });
  }
}

function bad(message: string): EngineError {
  return new EngineError('deb-corrupt', message);
}

function checkVersion(first: ArMember | undefined): void {
  const version = new TextDecoder().decode(first?.content.subarray(0, 16));
  if (first?.name !== 'debian-binary') throw bad('the first member is not debian-binary');
  if (!/^2\.\d+\n/.test(version)) throw bad('not format 2 of Debian packages');
}

function member(members: readonly ArMember[], stem: string): ArMember {
  const [found, second] = members.filter(
    ({ name }) => name === stem || name.startsWith(`${stem}.`),
  );
  if (found === undefined) throw bad(`no ${stem} in it`);
  if (second !== undefined) throw bad(`${stem} is in it twice`);
  return found;
}

const UNPACKERS: ReadonlyMap<string, (bytes: Uint8Array) => Promise<Uint8Array>> = new Map([
  ['', (bytes) => Promise.resolve(bytes)],
  ['xz', (bytes) => unxz(bytes, LIMIT)],
  ['gz', (bytes) => promisify(gunzip)(bytes, { maxOutputLength: LIMIT })],
  ['zst', (bytes) => promisify(zstdDecompress)(bytes, { maxOutputLength: LIMIT })],
]);

async function unpack({ name, content }: ArMember): Promise<Uint8Array> {
  const suffix = name.replace(/^(?:control|data)\.tar\.?/, '');
  const unpacker = UNPACKERS.get(suffix);
  if (unpacker === undefined) throw bad(`${name} has an unknown compression`);
  try {
    const { buffer, byteOffset, byteLength } = await unpacker(content);
    return new Uint8Array(buffer, byteOffset, byteLength); // never a Buffer, whose slices differ
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('deb-corrupt', `${name}: ${reason}`, { cause: error });
  }
}

async function readControlFiles(tar: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await entriesOfTar(contentOf(tar), { whiteouts: 'keep' })) {
    if (entry.type !== 'file' || entry.content === undefined) continue;
    if (files.has(entry.path)) throw bad(`control archive: ${entry.path} is in it twice`);
    files.set(entry.path, await entry.content.read(0, entry.size));
  }
  return files;
}

function readControl(files: ReadonlyMap<string, Uint8Array>): Stanza {
  const bytes = files.get('control');
  if (bytes === undefined) throw bad('control archive: no control file');
  const [control, second] = parseStanzas(decode(bytes));
  if (control === undefined || second !== undefined) throw bad('control file: not one paragraph');
  for (const name of ['Package', 'Version', 'Architecture']) requiredField(control, name);
  return control;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bad('control file: not UTF-8');
  }
}
