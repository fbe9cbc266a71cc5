import { describe, expect, it } from 'vitest';
import { secondsIn } from './amounts.ts';

describe('seconds', () => {
  it.each([
    [0.04, '0,0 s', '0.0 s'],
    [0.84, '0,8 s', '0.8 s'],
    [9.94, '9,9 s', '9.9 s'],
    [9.96, '10 s', '10 s'],
    [61.4, '61 s', '61 s'],
  ])('%d are %s, or %s', (seconds, portuguese, english) => {
    expect(secondsIn('pt-BR', seconds)).toBe(portuguese);
    expect(secondsIn('en', seconds)).toBe(english);
  });
});
