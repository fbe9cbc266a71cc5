import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { describeField } from './field.ts';
import { invalidLab, type Fault } from './invalid.ts';
import { drawsOf } from './nonce.ts';
import { manifestSchema, type Manifest } from './schema.ts';
import { placeholdersIn } from './template.ts';

type Path = readonly PropertyKey[];

/**
 * Reads a lab.yaml; `file` is for messages. Throws EngineError `lab-invalid`, a line for each thing
 * that is wrong: file, line, field, what is wrong and what the field is for.
 */
export function parseManifest(text: string, file: string): Manifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors.map(({ pos, message }) => ({
    file,
    line: lines.linePos(pos[0]).line,
    why: message.split('\n')[0]?.replace(/:$/, '') ?? 'is not YAML',
  }));
  if (broken.length > 0) throw invalidLab(broken);
  const faultAt = (path: Path, why: string): Fault => {
    const line = lineOf(document, lines, path);
    return { file, line, field: path.map(String).join('.'), why };
  };
  const parsed = manifestSchema.safeParse(document.toJS(), { reportInput: true });
  if (!parsed.success) {
    throw invalidLab(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => faultAt([...issue.path, key], 'is no field there is'))
          : [faultAt(issue.path, whatIsWrong(issue))],
      ),
    );
  }
  const faults = inconsistencies(parsed.data).map(({ path, why }) => faultAt(path, why));
  if (faults.length > 0) throw invalidLab(faults);
  return parsed.data;
}

function whatIsWrong(issue: {
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly input?: unknown;
}): string {
  const what = describeField(issue.path);
  const why =
    issue.input === undefined && issue.path.length > 0
      ? 'is missing'
      : issue.message.replace(/^Invalid (input|option): /, '');
  return what === undefined ? why : `${why}. ${what}`;
}

/** The line of the deepest thing there is on the way: a key that is missing has none of its own. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, depth), true);
    if (hasRange(node)) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

/** What a schema cannot say and this file alone shows. */
function inconsistencies(
  manifest: Manifest,
): readonly { readonly path: Path; readonly why: string }[] {
  const faults: { path: Path; why: string }[] = [];
  const known = new Set(
    Object.entries(manifest.nonce).flatMap(([name, one]) => drawsOf(name, one)),
  );
  for (const [path, text] of Object.entries(manifest.plant)) {
    for (const name of placeholdersIn(text)) {
      if (!known.has(name)) {
        faults.push({ path: ['plant', path], why: `{{${name}}} is no value of \`nonce\`` });
      }
    }
  }
  const hints = new Set<string>();
  for (const [at, { id }] of manifest.hints.entries()) {
    if (hints.has(id)) faults.push({ path: ['hints', at, 'id'], why: `${id} is there twice` });
    hints.add(id);
  }
  for (const name of ['start', 'solution']) {
    if (name in manifest.wrong) {
      faults.push({ path: ['wrong', name], why: 'is the name of something else; choose another' });
    }
  }
  return faults;
}
