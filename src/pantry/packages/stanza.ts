import { EngineError } from '../../engine/errors.ts';

/**
 * One paragraph of Debian's control format (deb822): field names as written, in order. A folded
 * value keeps its line breaks and the space that starts each further line, so that writing it back
 * gives the same text.
 */
export type Stanza = ReadonlyMap<string, string>;

/** All paragraphs of a control file, a `Packages` index or a `.sources` file; `#` lines are comments. */
export function parseStanzas(text: string): Stanza[] {
  const stanzas: Stanza[] = [];
  let current = new Map<string, string>();
  let last: string | undefined;
  const finish = (): void => {
    if (current.size > 0) stanzas.push(current);
    current = new Map();
    last = undefined;
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') {
      finish();
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last === undefined) throw bad(line);
      current.set(last, `${current.get(last) ?? ''}\n${line.trimEnd()}`);
    } else {
      last = addField(current, line);
    }
  }
  finish();
  return stanzas;
}

function addField(stanza: Map<string, string>, line: string): string {
  const match = /^([!-9;-~]+):[ \t]*(.*?)\s*$/.exec(line);
  const [, name, value] = match ?? [];
  if (name === undefined || value === undefined) throw bad(line);
  if (hasField(stanza, name)) throw bad(line, 'is there twice');
  stanza.set(name, value);
  return name;
}

function hasField(stanza: Stanza, name: string): boolean {
  return stanza.has(name) || field(stanza, name) !== undefined;
}

function bad(line: string, why = 'is no field'): EngineError {
  return new EngineError(
    'control-invalid',
    `control file: line ${JSON.stringify(line.slice(0, 80))} ${why}`,
  );
}

/** A field's value whatever the case of its name, as dpkg compares them. */
export function field(stanza: Stanza, name: string): string | undefined {
  const exact = stanza.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [key, value] of stanza) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

/** A field that a package cannot be without; throws `control-invalid`. */
export function requiredField(stanza: Stanza, name: string): string {
  const value = field(stanza, name);
  if (value !== undefined && value !== '') return value;
  throw new EngineError('control-invalid', `control file: there is no ${name} field`);
}

/** The paragraph as text, with a line break at its end and no empty line. */
export function formatStanza(stanza: Stanza): string {
  let text = '';
  for (const [name, value] of stanza) {
    text += value === '' || value.startsWith('\n') ? `${name}:${value}\n` : `${name}: ${value}\n`;
  }
  return text;
}

/** The source package that a binary package's stanza names; its own name and version unless it says otherwise. */
export function sourceOf(stanza: Stanza): { readonly name: string; readonly version: string } {
  const name = requiredField(stanza, 'Package');
  const version = requiredField(stanza, 'Version');
  const match = /^(\S+)(?:\s+\((\S+)\))?$/.exec(field(stanza, 'Source') ?? name);
  if (match?.[1] === undefined) {
    throw new EngineError('control-invalid', `control file of ${name}: bad Source field`);
  }
  return { name: match[1], version: match[2] ?? version };
}
