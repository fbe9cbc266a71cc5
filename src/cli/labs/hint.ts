import type { Manifest } from '../../labs/schema.ts';
import type { Call, LabCommand } from './command.ts';
import { labOf } from './chosen-lab.ts';
import { type LabProgress, nothingYet, readProgress, updateProgress } from './progress.ts';
import { inked, wrapped } from './text.ts';

export type Hint = Manifest['hints'][number];

/** `semdistro hint`. */
export const hintCommand: LabCommand = {
  name: 'hint',
  options: { json: 'flag' },
  most: 1,
  async run(call) {
    const { args, language, words, print } = call;
    const { slug, manifest } = await labOf(call, 'hint');
    const { hint, given, left } = await giveHint(call, slug, manifest.hints);
    if (args.flag('json')) {
      const told = (one: Hint) => ({ id: one.id, check: one.check, text: one.text[language] });
      const shown = { hint: hint ? told(hint) : null, given: given.map(told), left };
      print(JSON.stringify({ schema: 1, lab: slug, lang: language, ...shown }, null, 2));
      return 0;
    }
    if (manifest.hints.length === 0) print(words.hint.none);
    else if (hint) print(...(await hintLines(call, slug, manifest.hints, hint, given)));
    else {
      const again = await Promise.all(
        given.map((one) => hintLines(call, slug, manifest.hints, one, given)),
      );
      print(words.hint.noMore, ...again.flatMap((lines) => ['', ...lines.slice(0, -1)]));
    }
    return 0;
  },
};

/** The next hint of a lab, which is then remembered as given; undefined when there is none left. */
export async function giveHint(
  { desk }: Pick<Call, 'desk'>,
  slug: string,
  hints: readonly Hint[],
): Promise<{
  readonly hint: Hint | undefined;
  readonly given: readonly Hint[];
  readonly left: number;
}> {
  const before = (await readProgress(desk.home)).get(slug) ?? nothingYet;
  const hint = nextHint(hints, before);
  const ids = hint ? [...before.hints, hint.id] : before.hints;
  if (hint) {
    await updateProgress(desk.home, slug, (now) => ({
      ...now,
      hints: now.hints.includes(hint.id) ? now.hints : [...now.hints, hint.id],
    }));
  }
  // A hint that the lab no longer has is forgotten.
  const given = ids.flatMap((id) => hints.filter((one) => one.id === id));
  return { hint, given, left: hints.length - given.length };
}

/** The first not given yet: what the failed check named, then others of failed checks, then all in their order. */
export function nextHint(
  hints: readonly Hint[],
  { hints: given, last }: Pick<LabProgress, 'hints' | 'last'>,
): Hint | undefined {
  const left = hints.filter(({ id }) => !given.includes(id));
  const failed = last?.failed ?? [];
  return (
    left.find(({ id }) => id === last?.hint) ??
    failed.flatMap((check) => left.filter((one) => one.check === check))[0] ??
    left[0]
  );
}

/** A hint as it is shown; the last line says how many there are after it. */
export async function hintLines(
  { desk, language, words, view }: Pick<Call, 'desk' | 'language' | 'words' | 'view'>,
  slug: string,
  hints: readonly Hint[],
  hint: Hint,
  given: readonly Hint[],
): Promise<readonly string[]> {
  const { paint, columns } = view;
  const checks = (await desk.lab(slug)).verifier.checks;
  const check = checks.find(({ id }) => id === hint.check)?.title[language] ?? hint.check;
  const at = given.findIndex(({ id }) => id === hint.id) + 1;
  const text = hint.text[language].trim();
  return [
    paint.bold(words.hint.head(at, hints.length, check)),
    ...wrapped(text, columns ?? Infinity).map((line) => inked(line, paint)),
    paint.dim(words.hint.left(hints.length - given.length)),
  ];
}
