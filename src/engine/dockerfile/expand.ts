import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import { characters, isSpace } from './go-text.ts';
import { bad, replace, trimPrefix, trimSuffix } from './substitution.ts';

export type EscapeCharacter = '\\' | '`';
export type Environment = ReadonlyMap<string, string>;

/** Which of BuildKit's lexer switches are on; all off is what ENV, LABEL, COPY … use. */
export interface LexOptions {
  /** Quotes are kept in the result (they still group). */
  readonly rawQuotes?: boolean;
  /** Escape characters are kept in the result (they still escape). */
  readonly rawEscapes?: boolean;
  /** Quotes mean nothing: the content of a heredoc. */
  readonly plainQuotes?: boolean;
  /** An unset variable stays as it was written. */
  readonly keepUnset?: boolean;
}

export interface Lexed {
  readonly result: string;
  /** The result split at spaces outside quotes, after substitution. */
  readonly words: readonly string[];
  /** Names looked up and found. */
  readonly matched: ReadonlySet<string>;
  /** Names not found where the word does not say what to do then, as `${x:-y}` does. */
  readonly unmatched: ReadonlySet<string>;
}

/** Longest result of one expansion: `ENV a=$a$a` forty times must not fill the memory. */
const LONGEST = 4 * 1024 * 1024;
/** Deepest `${a:-${b:-…}}`. */
const DEEPEST = 500;

/**
 * Substitutes `$name` and `${name…}` in one word and removes quotes and escapes, as BuildKit does
 * for ENV, ARG, LABEL, COPY, ADD, WORKDIR, USER, VOLUME and STOPSIGNAL. Never use it on what RUN,
 * CMD and ENTRYPOINT hand to a shell. Throws EngineError `bad-substitution`,
 * `expansion-too-long` or `substitution-too-deep`.
 */
export function expand(word: string, env: Environment, escape: EscapeCharacter): string {
  return lex(word, env, escape).result;
}

/** As `expand`, but the result is several words when it has spaces outside quotes (EXPOSE). */
export function expandWords(
  word: string,
  env: Environment,
  escape: EscapeCharacter,
): readonly string[] {
  return lex(word, env, escape).words;
}

/**
 * For the content of a COPY or ADD heredoc whose name was not quoted: quotes are ordinary there,
 * and a backslash escapes whatever the escape directive says.
 */
export function expandHeredoc(content: string, env: Environment): string {
  return lex(content, env, '\\', { plainQuotes: true }).result;
}

/** The whole lexer; the names it looked up tell a build which variables an instruction uses. */
export function lex(
  word: string,
  env: Environment,
  escape: EscapeCharacter,
  options: LexOptions = {},
): Lexed {
  const lexer = new Lexer(word, env, escape, options);
  try {
    const { result, words } = lexer.until(undefined, options.rawEscapes ?? false);
    return { result, words, matched: lexer.matched, unmatched: lexer.unmatched };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'bad-substitution') throw error;
    throw new EngineError(error.code, `failed to process ${quote(word)}: ${error.message}`, {
      hint: error.hint ?? 'Check the quotes and the ${…} of this word.',
      cause: error,
    });
  }
}

/** Collects words while the result grows, since what is a space depends on where it came from. */
class Words {
  readonly #words: string[] = [];
  #word = '';

  /** Spaces split. */
  add(text: string): void {
    if (!isSpace(text)) {
      this.#word += text;
      return;
    }
    for (const character of text) {
      if (!isSpace(character)) this.#word += character;
      else this.#end();
    }
  }

  /** Spaces do not split: quoted or escaped. */
  addRaw(text: string): void {
    this.#word += text;
  }

  finish(): readonly string[] {
    this.#end();
    return this.#words;
  }

  #end(): void {
    if (this.#word !== '') this.#words.push(this.#word);
    this.#word = '';
  }
}

class Lexer {
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  readonly #characters: readonly string[];
  readonly #env: Environment;
  readonly #escape: EscapeCharacter;
  readonly #options: LexOptions;
  #at = 0;
  #depth = 0;
  #length = 0;
  #rawEscapes: boolean;

  constructor(word: string, env: Environment, escape: EscapeCharacter, options: LexOptions) {
    // BuildKit's scanner drops a byte order mark at the start of every word.
    this.#characters = characters(word.startsWith('\ufeff') ? word.slice(1) : word);
    this.#env = env;
    this.#escape = escape;
    this.#options = options;
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  /** Reads up to `stop` (taken, not part of the result) or, without one, to the end. */
  until(
    stop: string | undefined,
    rawEscapes: boolean,
  ): { result: string; words: readonly string[] } {
    if (++this.#depth > DEEPEST) {
      throw new EngineError(
        'substitution-too-deep',
        `substitutions are nested more than ${DEEPEST} deep`,
        { hint: 'Split the value over several ARG or ENV instructions.' },
      );
    }
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const out = this.#readUntil(stop);
    // BuildKit's word for "as it was before"; on an error nobody reads on.
    this.#rawEscapes = outer;
    this.#depth--;
    return out;
  }

  #readUntil(stop: string | undefined): { result: string; words: readonly string[] } {
    let result = '';
    const words = new Words();
    for (let character = this.#peek(); character !== undefined; character = this.#peek()) {
      if (character === stop) {
        this.#at++;
        return { result, words: words.finish() };
      }
      if (character === '$') {
        const value = this.#grown(this.#dollar());
        result += value;
        words.add(value);
      } else if (!this.#options.plainQuotes && (character === "'" || character === '"')) {
        const value = character === "'" ? this.#singleQuoted() : this.#doubleQuoted();
        result += value;
        words.addRaw(value);
      } else if (character === this.#escape) {
        this.#at++;
        if (this.#rawEscapes) {
          result += character;
          words.addRaw(character);
        }
        const escaped = this.#next();
        if (escaped === undefined) break;
        result += escaped;
        words.addRaw(escaped);
      } else {
        this.#at++;
        result += character;
        words.add(character);
      }
    }
    if (stop !== undefined) {
      throw bad(`unexpected end of statement while looking for matching ${stop}`);
    }
    return { result, words: words.finish() };
  }

  #singleQuoted(): string {
    this.#at++;
    let result = this.#options.rawQuotes ? "'" : '';
    for (;;) {
      const character = this.#next();
      if (character === undefined) {
        throw bad(
          'unexpected end of statement while looking for matching single-quote',
          "Close the quote; inside '…' nothing can be escaped.",
        );
      }
      if (character === "'") return this.#options.rawQuotes ? `${result}'` : result;
      result += character;
    }
  }

  #doubleQuoted(): string {
    this.#at++;
    let result = this.#options.rawQuotes ? '"' : '';
    for (;;) {
      const character = this.#peek();
      if (character === undefined) {
        throw bad(
          'unexpected end of statement while looking for matching double-quote',
          'Close the quote, or escape it when it belongs to the text.',
        );
      }
      if (character === '$') {
        result += this.#grown(this.#dollar());
        continue;
      }
      this.#at++;
      if (character === '"') return this.#options.rawQuotes ? `${result}"` : result;
      if (character !== this.#escape) {
        result += character;
        continue;
      }
      if (this.#rawEscapes) result += character;
      const escaped = this.#peek();
      if (escaped === undefined) continue;
      // Before anything else an escape character is an ordinary one.
      if (escaped === '"' || escaped === '$' || escaped === this.#escape) {
        this.#at++;
        result += escaped;
      } else {
        result += character;
      }
    }
  }

  #dollar(): string {
    this.#at++;
    if (this.#peek() === '{') {
      this.#at++;
      return this.#braced();
    }
    const name = this.#name();
    if (name === '') return '$';
    const value = this.#look(name);
    return value === undefined && this.#options.keepUnset ? `$${name}` : (value ?? '');
  }

  #braced(): string {
    const first = this.#peek();
    if (first === undefined) throw bad("syntax error: missing '}'");
    if (first === '{' || first === '}' || first === ':') {
      throw bad('syntax error: bad substitution');
    }
    const name = this.#name();
    const modifier = this.#next();
    switch (modifier) {
      case '}': {
        const value = this.#look(name);
        return value === undefined && this.#options.keepUnset ? `\${${name}}` : (value ?? '');
      }
      case ':':
        return this.#modified(name, this.#next(), true);
      case '+':
      case '-':
      case '?':
      case '#':
      case '%':
        return this.#modified(name, modifier, false);
      case '/':
        return this.#replaced(name);
      default:
        // Go prints the end of the text (-1) as the replacement character.
        throw unsupported(modifier ?? '\ufffd');
    }
  }

  #modified(name: string, operator: string | undefined, emptyIsUnset: boolean): string {
    const written = `${emptyIsUnset ? ':' : ''}${operator ?? '\ufffd'}`;
    const word = this.#part('}', operator === '#' || operator === '%', "missing '}'");
    const answered = operator === '-' || operator === '+' || operator === '?';
    const value = this.#look(name, answered);
    if (value === undefined && this.#options.keepUnset) return `\${${name}${written}${word}}`;
    const missing = value === undefined || (emptyIsUnset && value === '');
    switch (operator) {
      case '-':
        return missing ? word : value;
      case '+':
        return missing ? '' : word;
      case '?':
        if (!missing) return value;
        throw bad(
          `${name}: ${word || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`}`,
          `Give ${name} a value with ARG, ENV or --build-arg.`,
        );
      case '#':
        return trimPrefix(word, value ?? '');
      case '%':
        return trimSuffix(word, value ?? '');
      default:
        throw unsupported(written);
    }
  }

  #replaced(name: string): string {
    const all = this.#peek() === '/';
    if (all) this.#at++;
    const pattern = this.#part('/', true, "missing '/' in ${}");
    const replacement = this.#part('}', true, "missing '}'");
    const value = this.#look(name);
    if (value === undefined && this.#options.keepUnset) {
      return `\${${name}/${pattern}/${replacement}}`;
    }
    return replace(pattern, replacement, value ?? '', all);
  }

  /** Up to `stop`; when the text ends first, the error names what is missing. */
  #part(stop: string, rawEscapes: boolean, missing: string): string {
    try {
      return this.until(stop, rawEscapes).result;
    } catch (error) {
      const ended = this.#peek() === undefined;
      if (ended && error instanceof EngineError && error.code === 'bad-substitution') {
        throw bad(`syntax error: ${missing}`, 'A ${…} is closed by a } on the same line.');
      }
      throw error;
    }
  }

  #name(): string {
    const first = this.#peek();
    if (first === undefined) return '';
    let name = '';
    const wanted = isDigit(first) ? isDigit : isNameCharacter;
    if (wanted === isNameCharacter && SPECIAL.has(first)) {
      this.#at++;
      return first;
    }
    for (let next: string | undefined = first; next !== undefined && wanted(next);) {
      name += next;
      this.#at++;
      next = this.#peek();
    }
    return name;
  }

  #look(name: string, mayBeUnset = false): string | undefined {
    const value = this.#env.get(name);
    if (value !== undefined) this.matched.add(name);
    else if (!mayBeUnset) this.unmatched.add(name);
    return value;
  }

  #grown(value: string): string {
    this.#length += value.length;
    if (this.#length <= LONGEST) return value;
    throw new EngineError(
      'expansion-too-long',
      `the value grows past ${LONGEST / 1024 / 1024} MiB when its variables are substituted`,
      { hint: 'A variable that holds itself twice doubles with every line.' },
    );
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string | undefined {
    return this.#characters[this.#at++];
  }
}

function unsupported(modifier: string): EngineError {
  return bad(
    `unsupported modifier (${modifier}) in substitution`,
    'Known are :- - :+ + :? ? # ## % %% / and //.',
  );
}

/** The parameters POSIX reserves; the digits among them are read as numbers. */
const SPECIAL: ReadonlySet<string> = new Set(['@', '*', '#', '?', '-', '$', '!']);

function isDigit(character: string): boolean {
  return /\p{Nd}/u.test(character);
}

function isNameCharacter(character: string): boolean {
  return /[\p{L}\p{Nd}_]/u.test(character);
}
