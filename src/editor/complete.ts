import type { Language } from '../i18n/languages.ts';
import { INSTRUCTIONS } from './instructions.ts';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'keyword' | 'flag' | 'stage' | 'image' | 'variable' | 'path' | 'value';
  readonly detail?: string;
}

/** What could stand at a place of a Dockerfile, in the place of what is written from `from` on. */
export interface Suggestions {
  readonly from: number;
  readonly options: readonly Suggestion[];
}

export interface Known {
  readonly lang: Language;
  /** Names for FROM. */
  readonly images: readonly string[];
  /** Files beside the Dockerfile, relative to it. */
  readonly paths: readonly string[];
}

const MOUNTS = ['type=bind,', 'type=cache,', 'type=secret,', 'type=tmpfs,', 'type=ssh'];
const USERS = ['nonroot', 'nonroot:nonroot', '65532:65532'];

/** Suggestions at an offset; undefined where nothing can be said. Never throws. */
export function complete(text: string, at: number, known: Known): Suggestions | undefined {
  const line = logicalLine(text, at);
  if (line.trimStart().startsWith('#')) return undefined;
  const word = /\S*$/.exec(line)?.[0] ?? '';
  const from = at - word.length;
  const before = line.slice(0, line.length - word.length);
  const words = before.split(/\s+/).filter((one) => one !== '');
  while (words[0]?.toUpperCase() === 'ONBUILD') words.shift();
  const [instruction = ''] = words;
  if (instruction === '') return offer(from, instructions(known.lang));
  const variable = /\$\{?(\w*)$/.exec(word);
  if (variable) {
    return offer(at - (variable[1] ?? '').length, options('variable', variables(text, at)));
  }
  const flags = INSTRUCTIONS.get(instruction.toUpperCase())?.flags ?? [];
  const value = /^(--(?:from|mount|network|chown)=)(.*)$/.exec(word);
  if (value) {
    const [, flag = '', typed = ''] = value;
    return offer(at - typed.length, flagValues(flag, stages(text, at), known));
  }
  if (word.startsWith('-')) return offer(from, options('flag', flags));
  const given = words.slice(1).filter((one) => !one.startsWith('--')).length;
  return offer(from, argumentsOf(instruction.toUpperCase(), given, text, at, known));
}

function argumentsOf(
  instruction: string,
  given: number,
  text: string,
  at: number,
  known: Known,
): readonly Suggestion[] {
  if (instruction === 'FROM') {
    if (given === 1) return options('keyword', ['AS']);
    if (given > 1) return [];
    return [
      ...options('stage', stages(text, at)),
      ...options('image', [...known.images, 'scratch']),
    ];
  }
  if (instruction === 'COPY' || instruction === 'ADD') return options('path', known.paths);
  return instruction === 'USER' && given === 0 ? options('value', USERS) : [];
}

function flagValues(flag: string, named: readonly string[], known: Known): readonly Suggestion[] {
  if (flag === '--from=') return [...options('stage', named), ...options('image', known.images)];
  if (flag === '--mount=') return options('value', MOUNTS);
  return flag === '--network=' ? options('value', ['none', 'default']) : options('value', USERS);
}

function instructions(lang: Language): readonly Suggestion[] {
  return Array.from(INSTRUCTIONS, ([label, { says }]) => ({
    label,
    kind: 'keyword',
    detail: says[lang],
  }));
}

/** The line with those that it continues, up to the place. */
function logicalLine(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  let line = lines.pop() ?? '';
  for (let above = lines.pop(); above !== undefined; above = lines.pop()) {
    if (/^\s*#/.test(above)) continue;
    const end = above.trimEnd();
    if (!end.endsWith('\\')) break;
    line = `${end.slice(0, -1)} ${line}`;
  }
  return line;
}

/** Names of the stages above. */
function stages(text: string, at: number): readonly string[] {
  return unique(text.slice(0, lineStart(text, at)), /^\s*FROM\s.*?\sAS\s+(\S+)/gim);
}

/** What ARG and ENV above have named. */
function variables(text: string, at: number): readonly string[] {
  return unique(text.slice(0, lineStart(text, at)), /^\s*(?:ARG|ENV)\s+(\w+)/gim);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function unique(text: string, pattern: RegExp): readonly string[] {
  return [...new Set(Array.from(text.matchAll(pattern), ([, name = '']) => name))];
}

function options(kind: Suggestion['kind'], labels: readonly string[]): readonly Suggestion[] {
  return labels.map((label) => ({ label, kind }));
}

function offer(from: number, list: readonly Suggestion[]): Suggestions | undefined {
  return list.length === 0 ? undefined : { from, options: list };
}
