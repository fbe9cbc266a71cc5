import type { Completion, CompletionSource } from '@codemirror/autocomplete';
import type { Language } from '../i18n/languages.ts';
import { complete } from './complete.ts';
import { join, parentOf, type TreeEntry } from './file-tree-model.ts';

/** What a Dockerfile may name, for CodeMirror; images are asked for once, when first needed. */
export function completionSource(given: {
  readonly lang: Language;
  /** Of the file shown. */
  path(): string | undefined;
  entries(): readonly TreeEntry[];
  /** May reject: then no name is known. */
  images(): Promise<readonly string[]>;
}): CompletionSource {
  const { lang } = given;
  let images: Promise<readonly string[]> | undefined;
  return async ({ state, pos, explicit }) => {
    images ??= given.images().catch(() => []);
    const paths = beside(given.path() ?? '', given.entries());
    const text = state.doc.toString();
    const found = complete(text, pos, { lang, images: await images, paths });
    // Unasked, only once something stands there: a list over every space would be in the way.
    if (!found || (!explicit && found.from === pos && !/[=$ ]/.test(text.charAt(pos - 1))))
      return null;
    if (!explicit && found.from === pos && found.options[0]?.kind === 'path') return null;
    return {
      from: found.from,
      options: found.options.map(asCompletion),
      validFor: /^[\w$./:=-]*$/,
    };
  };
}

/** Paths below the folder of a file, as a COPY in it would write them. */
function beside(path: string, entries: readonly TreeEntry[]): readonly string[] {
  const folder = parentOf(path);
  const start = folder === '' ? 0 : folder.length + 1;
  return entries
    .filter((entry) => entry.path.startsWith(join(folder, '')) && entry.path !== path)
    .map((entry) => entry.path.slice(start));
}

const asCompletion = ({
  label,
  kind,
  detail,
}: {
  label: string;
  kind: string;
  detail?: string;
}): Completion => ({
  label,
  type: kind,
  ...(detail !== undefined && { detail }),
});
