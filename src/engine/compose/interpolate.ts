import { composeInvalid } from './error.ts';

export interface Variables {
  get(name: string): string | undefined;
  /** Somebody uses a variable that there is none of. */
  missing(name: string): void;
}

const NAME = /^[A-Za-z_]\w*/;
/** Defaults in defaults in defaults … */
const DEEPEST = 20;

/**
 * `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `${NAME:+other}` (without the colon only
 * of what is not set), and `$$` for a dollar, in every string of a document. Errors: `compose-invalid`.
 */
export function interpolate(value: unknown, variables: Variables, path = ''): unknown {
  if (typeof value === 'string') return text(value, { variables, path, whole: value }, 0);
  if (Array.isArray(value)) {
    return value.map((item, index) => interpolate(item, variables, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      interpolate(item, variables, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

interface Place {
  readonly variables: Variables;
  readonly path: string;
  readonly whole: string;
}

function text(source: string, place: Place, depth: number): string {
  let result = '';
  let at = 0;
  while (at < source.length) {
    const dollar = source.indexOf('$', at);
    if (dollar < 0) break;
    result += source.slice(at, dollar);
    const rest = source.slice(dollar + 1);
    if (rest.startsWith('$')) {
      result += '$';
      at = dollar + 2;
    } else if (rest.startsWith('{')) {
      const end = closing(rest);
      if (end === undefined || depth > DEEPEST) throw invalid(place);
      result += expression(rest.slice(1, end), place, depth);
      at = dollar + end + 2;
    } else {
      const name = NAME.exec(rest)?.[0];
      if (name === undefined) throw invalid(place);
      result += plain(name, place);
      at = dollar + 1 + name.length;
    }
  }
  return result + source.slice(at);
}

/** Where the brace that opens a text is closed. */
function closing(source: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    if (source.charAt(at) === '{') depth += 1;
    else if (source.charAt(at) === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

function expression(source: string, place: Place, depth: number): string {
  const name = NAME.exec(source)?.[0];
  if (name === undefined) throw invalid(place);
  const [, operator, word = ''] = /^(:?[-?+])(.*)$/s.exec(source.slice(name.length)) ?? [];
  if (operator === undefined) {
    if (source !== name) throw invalid(place);
    return plain(name, place);
  }
  const value = place.variables.get(name);
  const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
  const other = (): string => text(word, place, depth + 1);
  if (operator.endsWith('-')) return isSet ? value : other();
  if (operator.endsWith('+')) return isSet ? other() : '';
  if (isSet) return value;
  throw composeInvalid(
    `error while interpolating ${place.path}: required variable ${name} is missing a value: ${other()}`,
  );
}

function plain(name: string, { variables }: Place): string {
  const value = variables.get(name);
  if (value === undefined) variables.missing(name);
  return value ?? '';
}

function invalid({ path, whole }: Place): Error {
  return composeInvalid(
    `invalid interpolation format for ${path}.\n` +
      `You may need to escape any $ with another $.\n${whole}`,
  );
}
