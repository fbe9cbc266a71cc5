import { collect } from '../../engine/bytes.ts';
import { type IgnoreRules, parseDockerignore } from '../../engine/dockerfile/ignore.ts';
import { patternMatcher } from '../../engine/dockerfile/pattern-matcher.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { LabContent } from '../../labs/lab.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import type { Folder, FolderFile } from '../../verify/folder.ts';

/** As on the command line: what is larger was not meant to be in a lab, and would go to every build. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 5_000;

/**
 * What a build of the workspace can see, as a check gets it: all files but those that `.dockerignore`
 * drops; it does not hide what the lab gave out and lets be edited. A link to a file of the workspace
 * is read as that file. Rejects with EngineTrouble `too-large`.
 */
export async function readAnswer(
  tree: FileTree,
  lab: Pick<LabContent, 'manifest' | 'start'>,
  { maxBytes = MAX_BYTES, maxFiles = MAX_FILES } = {},
): Promise<Folder> {
  const editable = patternMatcher(lab.manifest.edit);
  const always = (path: string): boolean => lab.start.has(path) || editable.match(path).matched;
  const rules = await ignoreRules(tree);
  const folder = new Map<string, FolderFile>();
  let bytes = 0;
  for (const { path, entry } of filesOf(tree, rules, '')) {
    if (rules?.verdict(path) === 'drop' && !always(path)) continue;
    bytes += entry.size;
    if (bytes > maxBytes || folder.size >= maxFiles) throw tooLarge(folder, path, maxBytes);
    const content = entry.content ? await collect(entry.content.stream()) : new Uint8Array(0);
    folder.set(path, { bytes: content, executable: (entry.mode & 0o111) !== 0 });
  }
  return folder;
}

function* filesOf(
  tree: FileTree,
  rules: IgnoreRules | undefined,
  below: string,
): Generator<{ readonly path: string; readonly entry: Entry }> {
  for (const name of tree.list(below)) {
    const path = below === '' ? name : `${below}/${name}`;
    const type = tree.get(path)?.entry.type;
    if (type === 'dir') {
      if (rules?.mustWalk(path) ?? true) yield* filesOf(tree, rules, path);
      continue;
    }
    const target = tree.resolve(path);
    const entry = target === undefined ? undefined : tree.get(target)?.entry;
    if (entry?.type === 'file') yield { path, entry };
  }
}

/**
 * Undefined when nothing may be left out: with a `<Dockerfile>.dockerignore` builds see different
 * files, and a pattern that nobody can match is for the build to complain about.
 */
async function ignoreRules(tree: FileTree): Promise<IgnoreRules | undefined> {
  if (tree.list('').some((name) => /.\.dockerignore$/.test(name))) return undefined;
  const content = tree.get('.dockerignore')?.entry.content;
  if (!content) return undefined;
  const text = new TextDecoder().decode(await collect(content.stream()));
  try {
    const rules = parseDockerignore(text);
    return {
      // The file itself goes along whatever it says: the engine needs it.
      verdict: (path) => (path === '.dockerignore' ? 'keep' : rules.verdict(path)),
      mustWalk: (path) => rules.mustWalk(path),
    };
  } catch {
    return undefined;
  }
}

function tooLarge(folder: Folder, last: string, maxBytes: number): EngineTrouble {
  const sizes = new Map<string, number>();
  for (const [path, length] of [
    ...Array.from(folder, ([path, { bytes }]) => [path, bytes.length] as const),
    [last, 0] as const,
  ]) {
    const [top = path] = path.split('/');
    sizes.set(top, (sizes.get(top) ?? 0) + length + 1);
  }
  const largest = [...sizes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? last;
  const mib = Math.round(maxBytes / 1024 / 1024);
  return new EngineTrouble(
    'too-large',
    {
      'pt-BR': `o workspace é grande demais: passa de ${mib} MiB ou de ${MAX_FILES} arquivos, e a maior parte está em \`${largest}\``,
      en: `the workspace is too large: more than ${mib} MiB or ${MAX_FILES} files, most of it in \`${largest}\``,
    },
    {
      advice: {
        'pt-BR': `Tudo isso iria para cada build. Apague \`${largest}\` ou escreva o nome no \`.dockerignore\`.`,
        en: `All of it would go to every build. Remove \`${largest}\`, or name it in \`.dockerignore\`.`,
      },
    },
  );
}
