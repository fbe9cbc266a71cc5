import { parseBytes } from '../containers/sizes.ts';

/** A `--mount`, understood as far as Docker's client understands it. */
export interface MountFlag {
  /** `volume` when not given; unknown ones too: the daemon refuses them. */
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly size?: number;
  readonly mode?: number;
}

const SWITCHES = ['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive'];
const PREFIXES = ['bind', 'volume', 'tmpfs'] as const;

class Problem extends Error {}

/** What Docker's client says of a `--mount`; undefined when it takes it. */
export function mountProblem(text: string): string | undefined {
  try {
    parseMountFlag(text);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

/** To be called with what `mountProblem` found nothing wrong with. */
export function parseMountFlag(text: string): MountFlag {
  if (text === '') throw new Problem('EOF');
  const fields = csvFields(text).map((field) => {
    const at = field.indexOf('=');
    const key = (at < 0 ? field : field.slice(0, at)).toLowerCase();
    return { field, key, value: at < 0 ? undefined : field.slice(at + 1) };
  });
  const values = new Map<string, string>();
  const labels: Record<string, string> = {};
  for (const { field, key, value: given } of fields) {
    if (given === undefined && !isSwitch(key)) {
      throw new Problem(`invalid field '${field}' must be a key=value pair`);
    }
    const value = given ?? '';
    checkField(key, value, field);
    if (key === 'volume-label') {
      const [name = '', ...label] = value.split('=');
      labels[name] = label.join('=');
    }
    values.set(ALIASES[key] ?? key, value);
  }
  return build(values, labels);
}

const ALIASES: Readonly<Record<string, string>> = {
  ...{ src: 'source', dst: 'target', destination: 'target', ro: 'readonly' },
};
const KEYS = new Set([
  ...['type', 'source', 'target', 'readonly', 'consistency', 'bind-propagation'],
  ...['bind-nonrecursive', 'bind-recursive', 'volume-nocopy', 'volume-label', 'volume-driver'],
  ...['volume-opt', 'volume-subpath', 'tmpfs-size', 'tmpfs-mode'],
]);
const REFUSED = ['bind-propagation', 'bind-nonrecursive', 'bind-recursive', 'consistency'];
const ALSO_REFUSED = ['volume-driver', 'volume-opt', 'volume-subpath'];

function isSwitch(key: string): boolean {
  return SWITCHES.includes(key);
}

function checkField(key: string, value: string, field: string): void {
  if (!KEYS.has(ALIASES[key] ?? key)) {
    throw new Problem(`unexpected key '${key}' in '${field}'`);
  }
  if (isSwitch(key) && field.includes('=') && !/^(?:0|1|t|f|true|false)$/i.test(value)) {
    throw new Problem(`invalid value for ${key}: ${value}`);
  }
  if (key === 'tmpfs-size' && parseBytes(value) === undefined) {
    throw new Problem(`invalid value for ${key}: ${value}`);
  }
  if (key === 'tmpfs-mode' && !/^[0-7]+$/.test(value)) {
    throw new Problem(`invalid value for ${key}: ${value}`);
  }
}

function build(
  values: ReadonlyMap<string, string>,
  labels: Readonly<Record<string, string>>,
): MountFlag {
  const type = values.get('type')?.toLowerCase() ?? 'volume';
  if (type === '') throw new Problem('type is required');
  const target = values.get('target') ?? '';
  if (target === '') throw new Problem('target is required');
  for (const prefix of PREFIXES) {
    const isGiven = [...values.keys()].some((key) => key.startsWith(`${prefix}-`));
    if (isGiven && type !== prefix) {
      throw new Problem(`cannot mix '${prefix}-*' options with mount type '${type}'`);
    }
  }
  for (const key of [...REFUSED, ...ALSO_REFUSED]) {
    if (values.has(key)) throw new Problem(`${key} is not available here`);
  }
  const isOn = (key: string): boolean =>
    values.has(key) && !/^(?:0|f|false)$/i.test(values.get(key) ?? '');
  const size = values.get('tmpfs-size');
  const mode = values.get('tmpfs-mode');
  return {
    ...{ type, source: values.get('source') ?? '', target, labels },
    ...{ readOnly: isOn('readonly'), noCopy: isOn('volume-nocopy') },
    ...(size !== undefined && { size: parseBytes(size) ?? 0 }),
    ...(mode !== undefined && { mode: parseInt(mode, 8) }),
  };
}

/** One line of CSV; quotes keep commas together. */
function csvFields(text: string): readonly string[] {
  const fields = text.match(/(?:"(?:[^"]|"")*"|[^,])+|(?<=,|^)(?=,|$)/g) ?? [];
  return fields.map((field) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  );
}
