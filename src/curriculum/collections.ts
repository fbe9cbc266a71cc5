import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContentError, type Fault } from './faults.ts';
import { type History, historySchema, type Term, termSchema } from './schemas.ts';
import { parseYaml } from './yaml-file.ts';

/** The glossary by id. Rejects with a ContentError of all that is wrong with its files. */
export function readGlossary(root: string): Promise<ReadonlyMap<string, Term>> {
  return readAll(root, 'content/glossary', (text, file) => parseYaml(termSchema, text, { file }));
}

/** The recorded listings by id; as above. */
export function readHistories(root: string): Promise<ReadonlyMap<string, History>> {
  return readAll(root, 'content/histories', (text, file) =>
    parseYaml(historySchema, text, { file }),
  );
}

async function readAll<T extends { readonly id: string }>(
  root: string,
  folder: string,
  parse: (text: string, file: string) => T,
): Promise<ReadonlyMap<string, T>> {
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith('.yaml')).sort();
  const entries = new Map<string, T>();
  const faults: Fault[] = [];
  for (const name of names) {
    const file = `${folder}/${name}`;
    try {
      const entry = parse(await readFile(join(root, file), 'utf8'), file);
      if (`${entry.id}.yaml` !== name) {
        const hint = 'An entry is in a file of its name';
        faults.push({ file, line: 1, why: `\`id\` is ${entry.id}`, hint });
      }
      entries.set(entry.id, entry);
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new ContentError(faults);
  return entries;
}
