import { expect, it } from 'vitest';
import { megabytes } from './numbers.ts';

it.each([
  [79_111_756, 'pt-BR', '79,1 MB'],
  [79_111_756, 'en', '79.1 MB'],
  [2_349_959, 'pt-BR', '2,35 MB'],
  [674_399_541, 'en', '674 MB'],
] as const)('%i bytes in %s are %s', (bytes, lang, text) => {
  expect(megabytes(bytes, lang)).toBe(text);
});
