import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeName } from '../bytes.ts';
import type { SourceRange } from './diagnostic.ts';
import { parseDockerfile } from './parse.ts';

/**
 * A folder in testdata/parse is a case: a Dockerfile and either ast.json or error.txt. Make the
 * folder with the Dockerfile, run the tests once with SEMDISTRO_UPDATE_GOLDEN=1, read what was
 * written, and commit it.
 */
const CASES = join(import.meta.dirname, 'testdata', 'parse');
const updating = process.env['SEMDISTRO_UPDATE_GOLDEN'] !== undefined;

function place({ start, end }: SourceRange): string {
  return `${start.line + 1}:${start.column + 1}-${end.line + 1}:${end.column + 1}`;
}

/** What a case's file must hold; long texts (there is one) are cut. */
function render(source: string): {
  readonly file: 'ast.json' | 'error.txt';
  readonly text: string;
} {
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (!dockerfile) {
    const lines = diagnostics.map(
      ({ code, message, hint, range }) => `${place(range)} ${code}\n  ${message}\n  ${hint}\n`,
    );
    return { file: 'error.txt', text: lines.join('') };
  }
  const replacer = (key: string, value: unknown) => {
    if (key === 'source') return undefined;
    return key === 'range' ? place(value as SourceRange) : value; // every `range` is one
  };
  return { file: 'ast.json', text: `${JSON.stringify(dockerfile, replacer, 2)}\n` };
}

const cases = readdirSync(CASES);

test.each(cases)('%s', (name) => {
  const folder = join(CASES, name);
  const { file, text } = render(decodeName(readFileSync(join(folder, 'Dockerfile'))));
  if (updating) {
    for (const stale of ['ast.json', 'error.txt']) rmSync(join(folder, stale), { force: true });
    writeFileSync(join(folder, file), text);
  }
  const other = file === 'ast.json' ? 'error.txt' : 'ast.json';
  expect(existsSync(join(folder, other)), `${name} has both results`).toBe(false);
  expect(text).toBe(readFileSync(join(folder, file), 'utf8'));
});

test('there are enough of them to matter', () => {
  expect(cases.length).toBeGreaterThanOrEqual(40);
});

test('results are compared, not rewritten', () => {
  expect(updating, 'unset SEMDISTRO_UPDATE_GOLDEN and run again').toBe(false);
});
