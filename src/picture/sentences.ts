import type { Language } from '../i18n/languages.ts';
import type { DiffModel, DiffRow } from './diff.ts';
import { instruction, type Listing, type ListingRow } from './listing.ts';
import { deltaText, percentText, sizeText } from './size.ts';
import { WORDS } from './words.ts';

/** What happened to a row, as it is marked and coloured. */
export type Verdict = 'same' | 'changed' | 'base' | 'removed' | 'added' | 'lower' | 'higher';

/**
 * `lower` and `higher` are the two places of a step that moved: where it was, when it went down the
 * stack (up), and where it is now. Newest first, so a greater index is further down.
 */
export function verdictOf({ rows }: DiffModel, index: number): Verdict {
  const row = rows[index];
  if (row?.kind === 'changed' && index === rows.length - 1) return 'base';
  if (row?.twin === undefined) return row?.kind ?? 'same';
  const below = row.twin > index;
  return (row.kind === 'removed') === below ? 'lower' : 'higher';
}

/** A row's change in words: `sai: RUN pip install, 21,6 MB`. */
export function sentenceOf(model: DiffModel, index: number, lang: Language): string {
  const { verb, what, size } = phraseOf(model, index, lang);
  return `${verb}: ${what}${size}`;
}

/** The same in its parts. `index` is one of the model's rows. */
export function phraseOf(model: DiffModel, index: number, lang: Language): Phrase {
  const row = model.rows[index];
  if (row === undefined) throw new RangeError(`no row ${index} in ${model.rows.length}`);
  return PHRASES[lang][verdictOf(model, index)](row, model, lang);
}

/** `sai`, `RUN pip install`, `, 21,6 MB`: what happened, to what, and what it weighs, with its comma. */
export interface Phrase {
  readonly verb: string;
  readonly what: string;
  readonly size: string;
}

type Phrases = Readonly<
  Record<Verdict, (row: DiffRow, model: DiffModel, lang: Language) => Phrase>
>;

const PHRASES: Readonly<Record<Language, Phrases>> = {
  'pt-BR': {
    same: (row, _, lang) => plain('igual', row.to, lang),
    removed: (row, _, lang) => plain('sai', row.from, lang),
    added: (row, _, lang) => plain('entra', row.to, lang),
    changed: (row, _, lang) => became('muda', 'vira', row, lang),
    base: (row, _, lang) => became('outra base', 'dá lugar a', row, lang),
    lower: (row, model, lang) =>
      moved(row.from ? 'desce na pilha' : 'veio de cima', row, model, lang),
    higher: (row, model, lang) =>
      moved(row.from ? 'sobe na pilha' : 'veio de baixo', row, model, lang),
  },
  en: {
    same: (row, _, lang) => plain('the same', row.to, lang),
    removed: (row, _, lang) => plain('goes', row.from, lang),
    added: (row, _, lang) => plain('comes', row.to, lang),
    changed: (row, _, lang) => became('changes', 'becomes', row, lang),
    base: (row, _, lang) => became('another base', 'makes room for', row, lang),
    lower: (row, model, lang) =>
      moved(row.from ? 'goes down the stack' : 'came from above', row, model, lang),
    higher: (row, model, lang) =>
      moved(row.from ? 'goes up the stack' : 'came from below', row, model, lang),
  },
};

function plain(verb: string, row: ListingRow | undefined, lang: Language): Phrase {
  if (row === undefined) return { verb, what: '', size: '' };
  return { verb, what: instruction(row.createdBy), size: `, ${weightOf(row, lang)}` };
}

function weightOf(row: ListingRow, lang: Language): string {
  return row.layer === false ? WORDS[lang].noLayer : sizeText(row.size, lang);
}

function became(verb: string, becomes: string, { from, to }: DiffRow, lang: Language): Phrase {
  if (from === undefined || to === undefined) return { verb, what: '', size: '' };
  const [before, after] = [instruction(from.createdBy), instruction(to.createdBy)];
  const what = before === after ? after : `${before} ${becomes} ${after}`;
  // An instruction that became another kind of one is news, where there is no weight to tell of.
  const [verbs, kinds] = [before.split(' ', 1)[0], after.split(' ', 1)[0]];
  const kind = verbs !== kinds && from.size === 0 && to.size === 0;
  return {
    verb: kind ? `${verbs} ${becomes} ${kinds}` : verb,
    what,
    size: `, ${weightChange(from, to, lang)}`,
  };
}

const FROM_TO: Readonly<Record<Language, (from: string, to: string) => string>> = {
  'pt-BR': (from, to) => `de ${from} para ${to}`,
  en: (from, to) => `from ${from} to ${to}`,
};

function weightChange(from: ListingRow, to: ListingRow, lang: Language): string {
  const [before, after] = [weightOf(from, lang), weightOf(to, lang)];
  if (from.size === to.size) return before === after ? after : FROM_TO[lang](before, after);
  return `${FROM_TO[lang](before, after)} (${deltaText(to.size - from.size, lang)})`;
}

/** Both places tell the same: what it weighed before, and now. */
function moved(verb: string, row: DiffRow, { rows }: DiffModel, lang: Language): Phrase {
  const twin = row.twin === undefined ? undefined : rows[row.twin];
  const [from, to] = [row.from ?? twin?.from, row.to ?? twin?.to];
  if (from === undefined || to === undefined) return { verb, what: '', size: '' };
  const what = instruction((row.to ?? from).createdBy);
  return { verb, what, size: `, ${weightChange(from, to, lang)}` };
}

/** The whole change in one sentence: rows, bytes, and how much less. */
export function summaryOf({ from, to }: DiffModel, lang: Language): string {
  const rows = WORDS[lang].rows;
  const [before, after] = [sizeText(from.size, lang), sizeText(to.size, lang)];
  const sizes = FROM_TO[lang](before, after);
  const counts =
    from.rows === to.rows
      ? lang === 'en'
        ? `${rows(to.rows)} each`
        : `${rows(to.rows)} de cada lado`
      : FROM_TO[lang](rows(from.rows), String(to.rows));
  return `${upperFirst(counts)}; ${sizes}${difference(from.size, to.size, lang)}.`;
}

function difference(from: number, to: number, lang: Language): string {
  if (from === to) return lang === 'en' ? ', the same' : ', o mesmo';
  const amount = sizeText(Math.abs(to - from), lang);
  const part = from === 0 ? '' : ` (${shareText(from, to, lang)})`;
  if (lang === 'en') return `: ${amount} ${to < from ? 'less' : 'more'}${part}`;
  return `: ${amount} a ${to < from ? 'menos' : 'mais'}${part}`;
}

/** Of what more than doubled, nobody reads the percents. */
function shareText(from: number, to: number, lang: Language): string {
  if (to < 2 * from) return percentText(Math.abs(to - from), from);
  const times = Math.round(to / from);
  return lang === 'en' ? `${times} times the size` : `${times} vezes o tamanho`;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Where a recorded listing is from, and when it was written down. */
export function sourceOf(
  { source, date }: Pick<Listing, 'source' | 'date'>,
  lang: Language,
): string | undefined {
  if (source === undefined || date === undefined) return source;
  const day = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' });
  return `${source} (${WORDS[lang].recorded(day.format(new Date(date)))})`;
}
