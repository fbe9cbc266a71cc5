import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import { didYouMean } from './suggest.ts';

/** `RUN --mount` after substitution. Fields that were not given are absent; defaults are Docker's. */
export interface Mount {
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
  readonly from?: string;
  readonly source?: string;
  readonly target?: string;
  readonly id?: string;
  readonly readOnly: boolean;
  readonly required: boolean;
  readonly sharing?: 'shared' | 'private' | 'locked';
  /** Bytes; tmpfs only. */
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Secrets only: the variable that has the value. */
  readonly env?: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TYPES = ['bind', 'cache', 'secret', 'ssh', 'tmpfs'] as const;
const SHARING = ['locked', 'private', 'shared'] as const;
const KEYS: readonly string[] = [
  ...['type', 'from', 'source', 'target', 'readonly', 'id', 'sharing', 'required', 'mode', 'uid'],
  ...['gid', 'src', 'dst', 'ro', 'rw', 'readwrite'],
];

/**
 * Reads the value of one `--mount` flag. `expand` is called once per value (`from` never holds a
 * variable: parsing refused that). Keys count in the order written: `required` must come after
 * `type`. Throws EngineError `invalid-mount` in Docker's words.
 */
export function resolveMount(text: string, expand: (value: string) => string): Mount {
  const mount: Mutable<Mount> = { type: 'bind', readOnly: false, required: false };
  const seen = { access: false };
  for (const field of mountFields(text)) {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    if (equals < 0) setBare(mount, seen, key, field);
    else setValue(mount, seen, key, expand(field.slice(equals + 1)), field);
  }
  if (!seen.access) mount.readOnly = mount.type !== 'cache' && mount.type !== 'tmpfs';
  validate(mount);
  return mount;
}

function setBare(mount: Mutable<Mount>, seen: { access: boolean }, key: string, field: string) {
  switch (key) {
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw':
      mount.readOnly = key.startsWith('r') && (key === 'ro' || key === 'readonly');
      seen.access = true;
      return;
    case 'required':
      onlyFor(mount, key, ['secret', 'ssh']);
      mount.required = true;
      return;
    default:
      throw invalid(`invalid field '${field}' must be a key=value pair`);
  }
}

function setValue(
  mount: Mutable<Mount>,
  seen: { access: boolean },
  key: string,
  value: string,
  field: string,
): void {
  switch (key) {
    case 'type':
      mount.type = oneOf(TYPES, value, 'unsupported mount type');
      return;
    case 'from':
      mount.from = value;
      return;
    case 'source':
    case 'src':
      mount.source = value;
      return;
    case 'target':
    case 'dst':
    case 'destination':
      mount.target = value;
      return;
    case 'readonly':
    case 'ro':
      mount.readOnly = bool(key, value);
      seen.access = true;
      return;
    case 'readwrite':
    case 'rw':
      mount.readOnly = !bool(key, value);
      seen.access = true;
      return;
    case 'required':
      onlyFor(mount, key, ['secret', 'ssh']);
      mount.required = bool(key, value);
      return;
    case 'size':
      onlyFor(mount, key, ['tmpfs']);
      mount.size = ramInBytes(key, value);
      return;
    case 'id':
      mount.id = value;
      return;
    case 'env':
      onlyFor(mount, key, ['secret']);
      mount.env = value;
      return;
    case 'sharing':
      mount.sharing = oneOf(SHARING, value, 'unsupported sharing value');
      return;
    case 'mode':
      mount.mode = unsigned(key, value, 8);
      return;
    case 'uid':
      mount.uid = unsigned(key, value, 10);
      return;
    case 'gid':
      mount.gid = unsigned(key, value, 10);
      return;
    default: {
      const suggestion = didYouMean(key, KEYS, { exactCase: true });
      throw invalid(`unexpected key '${key}' in '${field}'${suggestion}`);
    }
  }
}

function validate(mount: Mount): void {
  const owned = mount.type === 'secret' || mount.type === 'ssh' || mount.type === 'cache';
  for (const key of ['mode', 'uid', 'gid'] as const) {
    if (!owned && mount[key] !== undefined) {
      throw invalid(`${key} not allowed for ${quote(mount.type)} type mounts`);
    }
  }
  const { from = '', source = '', target = '', id = '' } = mount;
  if (mount.type === 'secret') {
    if (from !== '') throw invalid('secret mount should not have a from');
    if (mount.sharing !== undefined) throw invalid('secret mount should not define sharing');
    if (source === '' && target === '' && id === '') {
      throw invalid('invalid secret mount. one of source, target required');
    }
    if (source !== '' && id !== '') throw invalid("both source and id can't be set");
  }
  if (mount.sharing !== undefined && mount.type !== 'cache') {
    throw invalid(`invalid cache sharing set for ${mount.type} mount`);
  }
}

/** The comma-separated fields; a field in `"` may hold commas. */
export function mountFields(text: string): readonly string[] {
  if (text === '') throw invalid('failed to parse csv mounts: EOF');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = '';
    if (text.charAt(at) === '"') {
      const start = at;
      for (at++; text.charAt(at) !== '"' || text.charAt(at + 1) === '"'; at++) {
        if (at >= text.length) throw badCsv(start, 'extraneous or missing " in quoted-field');
        if (text.charAt(at) === '"') at++;
        field += text.charAt(at);
      }
      at++;
      if (at < text.length && text.charAt(at) !== ',') {
        throw badCsv(at - 1, 'extraneous or missing " in quoted-field');
      }
    } else {
      const comma = text.indexOf(',', at);
      const end = comma < 0 ? text.length : comma;
      field = text.slice(at, end);
      const bare = field.indexOf('"');
      if (bare >= 0) throw badCsv(at + bare, 'bare " in non-quoted-field');
      at = end;
    }
    fields.push(field);
    if (at >= text.length) return fields;
    at++;
  }
}

function badCsv(at: number, problem: string): EngineError {
  return invalid(`failed to parse csv mounts: parse error on line 1, column ${at + 1}: ${problem}`);
}

function invalid(message: string): EngineError {
  return new EngineError('invalid-mount', message, {
    hint: 'A mount reads --mount=type=bind|cache|tmpfs|secret|ssh,target=/path,….',
  });
}

function onlyFor(mount: Mount, key: string, types: readonly string[]): void {
  if (!types.includes(mount.type)) {
    throw invalid(`unexpected key '${key}' for mount type '${mount.type}'`);
  }
}

function oneOf<T extends string>(values: readonly T[], value: string, complaint: string): T {
  const found = values.find((known) => known === value.toLowerCase());
  if (found !== undefined) return found;
  const suggestion = didYouMean(value, values, { exactCase: true });
  throw invalid(`${complaint} ${quote(value)}${suggestion}`);
}

function bool(key: string, value: string): boolean {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(value)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/.test(value)) return false;
  throw invalid(`invalid value for ${key}: ${value}`);
}

function unsigned(key: string, value: string, base: 8 | 10): number {
  const digits = base === 8 ? /^[0-7]{1,20}$/ : /^\d{1,20}$/;
  const number = digits.test(value) ? parseInt(value, base) : NaN;
  if (!(number <= 0xffffffff)) throw invalid(`invalid value ${value} for ${key}`);
  return number;
}

/** `64m`, `1.5GiB`: powers of 1024, as Docker reads sizes of memory. */
function ramInBytes(key: string, value: string): number {
  const match = /^(\d+(?:\.\d*)?|\.\d+) ?([kmgtp]?)(?:ib|b)?$/i.exec(value);
  if (!match) throw invalid(`invalid value for ${key}: ${value}`);
  const power = ' kmgtp'.indexOf((match[2] ?? '').toLowerCase() || ' ');
  return Math.floor(Number(match[1]) * 1024 ** power);
}
