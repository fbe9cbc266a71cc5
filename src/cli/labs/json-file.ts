import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { once, utf8 } from '../../engine/bytes.ts';
import { makeFolder } from '../../pantry/make-folder.ts';
import { fileError } from '../files/file-errors.ts';
import { writeDurably } from '../store/durable.ts';
import { errnoOf } from '../store/fs-errors.ts';

/** What a JSON file holds; undefined when there is none, and `null` when it holds no JSON. */
export async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw fileError(error, 'open', file);
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Writes it aside and renames it: whoever reads sees the old or the new one, also after a power cut. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  try {
    makeFolder(dirname(file));
    const bytes = once(utf8(`${JSON.stringify(value, null, 2)}\n`));
    const unique = `${process.pid}-${Math.random().toString(36).slice(2)}`;
    await writeDurably(`${file}.${unique}.new`, bytes, () => file);
  } catch (error) {
    throw fileError(error, 'write', file);
  }
}
