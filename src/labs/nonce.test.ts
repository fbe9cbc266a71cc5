import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawNonce, fairDice, type Dice } from './nonce.ts';
import type { Manifest } from './schema.ts';
import { fillTemplate, placeholdersIn } from './template.ts';

const nonce: Manifest['nonce'] = {
  saudacao: { kind: 'word', per: 'run' },
  porta: { kind: 'port', per: 'run' },
  segredo: { kind: 'token', per: 'run' },
  ordem: { kind: 'shuffle', of: ['a', 'b', 'c'], per: 'start' },
};

const first: Dice = () => 0;
const last: Dice = (sides) => sides - 1;

describe('random values', () => {
  it.each([
    ['run', first, { saudacao: 'abacate-0000', porta: '20000', segredo: '0'.repeat(32) }],
    ['run', last, { saudacao: 'umbu-ffff', porta: '29999', segredo: 'f'.repeat(32) }],
    ['start', first, { 'ordem.1': 'a', 'ordem.2': 'b', 'ordem.3': 'c' }],
    ['start', last, { 'ordem.1': 'c', 'ordem.2': 'b', 'ordem.3': 'a' }],
  ] as const)('per %s are what the dice say', (per, dice, values) => {
    expect(drawNonce({ nonce }, per, dice)).toEqual(values);
  });

  it('have the shape that checks and files may rely on, whatever the dice say', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 60 }), (rolls) => {
        let at = 0;
        const dice: Dice = (sides) => (rolls[at++ % rolls.length] ?? 0) % sides;
        const run = drawNonce({ nonce }, 'run', dice);
        expect(run['saudacao']).toMatch(/^[a-z]+-[0-9a-f]{4}$/);
        expect(run['porta']).toMatch(/^2\d{4}$/);
        expect(run['segredo']).toMatch(/^[0-9a-f]{32}$/);
        expect(Object.values(drawNonce({ nonce }, 'start', dice)).sort()).toEqual(['a', 'b', 'c']);
      }),
    );
  });

  it('differ from one run to the next', () => {
    const runs = Array.from({ length: 50 }, () => drawNonce({ nonce }, 'run')['segredo']);
    expect(new Set(runs).size).toBe(50);
  });

  it('come from dice without a favourite side', () => {
    const counts = [0, 0, 0];
    for (let i = 0; i < 6_000; i++) {
      const side = fairDice(3);
      counts[side] = (counts[side] ?? 0) + 1;
    }
    // Eight standard deviations: a fair one fails less than once in 10 ** 14 runs.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(300);
  });
});

describe('{{name}}', () => {
  it('is replaced wherever it stands, also by what looks like a pattern', () => {
    const filled = fillTemplate('{{a}} {{ordem.1}}{{a}}', { a: '$&', 'ordem.1': 'x' });
    expect(filled).toBe('$& x$&');
  });

  it.each([["{{.RootFS.Layers}}'"], ['{{json .}}'], ['{ {a} }'], ['${a}'], ['{{A}}']])(
    'is not what others write in braces: %s',
    (text) => {
      expect(placeholdersIn(`${text} {{a}}`)).toEqual(['a']);
      expect(fillTemplate(text, {})).toBe(text);
    },
  );

  it('without a value is a mistake of ours', () => {
    expect(() => fillTemplate('{{a}}', {})).toThrow('no value for {{a}}');
  });
});
