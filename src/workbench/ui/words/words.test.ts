import { describe, expect, it } from 'vitest';
import { wordsOf } from './index.ts';

/** Every text that is no function, by its path. */
function textsOf(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => textsOf(one, `${path}.${key}`));
}

describe('the words of the workbench', () => {
  const languages = Object.entries(wordsOf);

  it.each(languages)('in %s: none is empty, and backticks come in pairs', (_, words) => {
    for (const [path, text] of textsOf(words)) {
      expect(text.trim(), path).not.toBe('');
      expect((text.match(/`/g) ?? []).length % 2, path).toBe(0);
    }
  });

  it('are about the same trouble in both languages', () => {
    const [portuguese, english] = languages.map(([, { trouble }]) => Object.keys(trouble).sort());
    expect(portuguese).toEqual(english);
  });

  it('count in both languages', () => {
    const counts = { pass: 2, fail: 1, skip: 1, broken: 0 };
    expect(wordsOf['pt-BR'].check.counts(counts, '1 s')).toBe(
      '2 passaram, 1 falhou, 1 pulada · 1 s',
    );
    expect(wordsOf.en.check.counts(counts, '1 s')).toBe('2 passed, 1 failed, 1 skipped · 1 s');
  });
});
