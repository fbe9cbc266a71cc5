import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { EngineError } from '../engine/errors.ts';
import { canonicalRepository, parseReference } from '../engine/oci/reference.ts';
import { type Family, familySchema } from './recipe.ts';

const RECIPES = join(import.meta.dirname, 'recipes');

/** All families of a folder, by name. Rejects with `recipe-invalid`, which names file, line and key. */
export async function loadRecipes(directory = RECIPES): Promise<readonly Family[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  const families = await Promise.all(
    names.map(async (name) =>
      parseRecipe(await readFile(join(directory, name), 'utf8'), join(directory, name)),
    ),
  );
  checkTogether(families);
  return families;
}

/** Reads one family. `file` is for messages, and its name must be the family's. */
export function parseRecipe(text: string, file: string): Family {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [broken] = document.errors;
  if (broken) {
    const at = lines.linePos(broken.pos[0]);
    throw invalid(file, at.line, '', broken.message.split('\n')[0] ?? 'not YAML');
  }
  const parsed = familySchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = deepest(parsed.error.issues);
    const node: unknown = document.getIn([...issue.path], true);
    const line = hasRange(node) ? lines.linePos(node.range[0]).line : 1;
    throw invalid(file, line, issue.path.map(String).join('.'), issue.message);
  }
  const family = parsed.data;
  const expected = basename(file, '.yaml');
  if (family.family !== expected) {
    throw invalid(file, 1, 'family', `must be ${JSON.stringify(expected)}, the file's name`);
  }
  return family;
}

interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A failed union says what is wrong with each of its branches: the one that got furthest is the one that was meant. */
function deepest(issues: readonly unknown[], prefix: readonly (string | number)[] = []): Issue {
  let best: Issue = { path: prefix, message: 'invalid' };
  let depth = -1;
  for (const issue of issues) {
    if (!isIssue(issue)) continue;
    const path = [...prefix, ...issue.path];
    const branches = issue.errors ?? [];
    const found =
      branches.length > 0
        ? branches
            .map((branch) => deepest(branch, path))
            .reduce((a, b) => (score(b) > score(a) ? b : a))
        : { path, message: issue.message };
    if (score(found) > depth) {
      best = found;
      depth = score(found);
    }
  }
  return best;
}

function score(issue: Issue): number {
  // "Unrecognized key" and a missing key mean that another branch was meant.
  const wrongBranch = /unrecognized key|received undefined/i.test(issue.message);
  return issue.path.length * 2 - (wrongBranch ? 3 : 0);
}

interface RawIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly errors?: readonly (readonly unknown[])[];
}

function isIssue(value: unknown): value is RawIssue {
  return typeof value === 'object' && value !== null && 'path' in value && 'message' in value;
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

/** What one file alone cannot show: parents exist, ids and references are unique, no cycle. */
function checkTogether(families: readonly Family[]): void {
  const ids = new Map<string, string>();
  const references = new Map<string, string>();
  for (const family of families) {
    for (const image of family.images) {
      const id = `${family.family}/${image.id}`;
      if (ids.has(id)) throw invalid(fileOf(family), 1, image.id, 'is there twice');
      ids.set(id, parentId(family, image.from) ?? '');
      for (const repository of image.repositories) {
        const ref = parseReference(repository);
        if (ref.tag !== undefined || ref.digest !== undefined) {
          throw invalid(fileOf(family), 1, image.id, `repository ${repository} must have no tag`);
        }
        for (const variant of image.variants ?? family.variants) {
          for (const tag of variant.tags) {
            const name = `${canonicalRepository(ref)}:${tag}`;
            const other = references.get(name);
            if (other !== undefined) {
              throw invalid(fileOf(family), 1, image.id, `${name} is ${other}'s already`);
            }
            references.set(name, id);
          }
        }
      }
    }
  }
  for (const family of families) {
    for (const image of family.images) {
      const seen = new Set<string>();
      let at = `${family.family}/${image.id}`;
      while (at !== '') {
        if (seen.has(at)) throw invalid(fileOf(family), 1, image.id, 'is its own ancestor');
        seen.add(at);
        const parent = ids.get(at);
        if (parent === undefined) {
          throw invalid(fileOf(family), 1, image.id, `there is no image ${at} to build from`);
        }
        at = parent;
      }
    }
  }
}

/** `family/id` of what `from` means in this family; undefined without `from`. */
export function parentId(family: Family, from: string | undefined): string | undefined {
  if (from === undefined) return undefined;
  return from.includes('/') ? from : `${family.family}/${from}`;
}

function fileOf(family: Family): string {
  return join(RECIPES, `${family.family}.yaml`);
}

function invalid(file: string, line: number, key: string, why: string): EngineError {
  return new EngineError(
    'recipe-invalid',
    `${file}:${line}: ${key === '' ? '' : `${key}: `}${why}`,
    { hint: 'src/pantry/recipe.ts says what a recipe may hold, with a comment per field.' },
  );
}
