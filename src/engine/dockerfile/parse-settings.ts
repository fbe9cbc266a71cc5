import { quote } from '../format/go-quote.ts';
import { flag } from './flags.ts';
import type { FromInstruction, PairsInstruction } from './instructions.ts';
import { isParseError, type ParseError } from './parse-error.ts';
import { atLeastOne, type InstructionParser, type Source } from './parse-instruction.ts';
import { cutBlank, splitBlanks, splitWords, type Word } from './words.ts';

/** FROM, ENV, LABEL, ARG, EXPOSE and ONBUILD. */

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;

export const parseFrom: InstructionParser = (source) => {
  const words = splitBlanks(source.line.rest.text).map((word) => word.text);
  const [image = '', as = '', name] = words;
  const named = words.length === 3 && as.toLowerCase() === 'as';
  if (!named && words.length !== 1) {
    return source.fail(
      'from-arguments',
      'FROM requires either one or three arguments',
      'Write FROM image or FROM image AS stage.',
    );
  }
  if (named && !STAGE_NAME.test((name ?? '').toLowerCase())) {
    return source.fail(
      'invalid-stage-name',
      `invalid name for build stage: ${quote(name ?? '')}, name can't start with a number or contain symbols`,
      'A stage name begins with a letter and goes on with letters, digits, -, _ and dots.',
    );
  }
  const flags = source.flags({ platform: 'string' });
  if (isParseError(flags)) return flags;
  const platform = flag(flags, 'platform');
  const from: FromInstruction = {
    kind: 'from',
    ...source.base,
    image,
    ...(platform ? { platform } : {}),
    ...(name === undefined ? {} : { as: name }),
  };
  return from;
};

type Pairs = readonly { readonly name: string; readonly value: string }[];

/** ENV and LABEL: `name=value…`, or the old `name value` whose value is the rest of the line. */
export const parsePairs: InstructionParser = (source) => {
  const { keyword } = source;
  const text = source.line.rest.text;
  const words = splitWords(text, source.escape);
  const legacy = words[0] !== undefined && !words[0].text.includes('=');
  const pairs = legacy ? readLegacy(source, text) : readPairs(source, words);
  if (isParseError(pairs)) return pairs;
  const flags = source.flags({});
  if (isParseError(flags)) return flags;
  if (pairs.length === 0) return atLeastOne(source, `${keyword} name=value`);
  if (pairs.some(({ name }) => name === '')) return blankName(source);
  const parsed: PairsInstruction = {
    kind: keyword === 'ENV' ? 'env' : 'label',
    ...source.base,
    pairs,
    legacy,
  };
  return parsed;
};

function readLegacy(source: Source, text: string): Pairs | ParseError {
  const [name, value] = cutBlank(text);
  if (value !== undefined) return [{ name, value }];
  return source.failEarly(
    'missing-argument',
    `${source.keyword} must have two arguments`,
    `Write ${source.keyword} name=value.`,
  );
}

function readPairs(source: Source, words: readonly Word[]): Pairs | ParseError {
  const pairs: { name: string; value: string }[] = [];
  for (const { text } of words) {
    const equals = text.indexOf('=');
    if (equals < 0) {
      return source.failEarly(
        'missing-equals',
        `Syntax error - can't find = in ${quote(text)}. Must be of the form: name=value`,
        'Put a value with spaces in double quotes.',
      );
    }
    pairs.push({ name: text.slice(0, equals), value: text.slice(equals + 1) });
  }
  return pairs;
}

function blankName(source: Source): ParseError {
  const { keyword } = source;
  return source.fail('blank-name', `${keyword} names can not be blank`, 'Name it before the =.');
}

export const parseArg: InstructionParser = (source) => {
  const words = splitWords(source.line.rest.text, source.escape);
  if (words.length === 0) return atLeastOne(source, 'ARG name or ARG name=default');
  const args = words.map(({ text }) => {
    const equals = text.indexOf('=');
    if (equals < 0) return { name: text };
    return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  });
  if (args.some(({ name }) => name === '')) return blankName(source);
  return { kind: 'arg', ...source.base, args };
};

export const parseExpose: InstructionParser = (source) => {
  const values = splitBlanks(source.line.rest.text).map((word) => word.text);
  if (values.length === 0) return atLeastOne(source, 'EXPOSE 8080');
  const flags = source.flags({});
  if (isParseError(flags)) return flags;
  // Sorted, as BuildKit keeps them: history shows it.
  return { kind: 'expose', ...source.base, values: values.toSorted(byCodePoint) };
};

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export const parseOnbuild: InstructionParser = (source) => {
  const { rest, heredocs } = source.line;
  if (rest.text === '') return atLeastOne(source, 'ONBUILD COPY . /app');
  const flags = source.flags({});
  if (isParseError(flags)) return flags;
  const trigger = cutBlank(rest.text)[0].toUpperCase();
  if (trigger === 'ONBUILD') {
    return source.fail(
      'onbuild-trigger',
      "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
      'One ONBUILD holds one instruction.',
    );
  }
  if (trigger === 'MAINTAINER' || trigger === 'FROM') {
    return source.fail(
      'onbuild-trigger',
      `${trigger} isn't allowed as an ONBUILD trigger`,
      'A trigger runs inside the stage that builds on this image.',
    );
  }
  // Spaces at its end stay, unlike in every other instruction.
  const expression = source.line.joined.text.replace(/^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i, '');
  const written = heredocs.map(({ raw, name }) => `\n${raw}${name}`).join('');
  return { kind: 'onbuild', ...source.base, trigger: expression + written };
};
