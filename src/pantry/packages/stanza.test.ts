import { describe, expect, it } from 'vitest';
import { field, formatStanza, parseStanzas, requiredField, sourceOf } from './stanza.ts';

describe('parseStanzas', () => {
  it('reads fields in order, folded ones with their lines', () => {
    const text = 'Package: a\nDescription: short\n long\n .\n more\nTag: x\n';
    const [stanza] = parseStanzas(text);
    expect([...(stanza ?? [])]).toEqual([
      ['Package', 'a'],
      ['Description', 'short\n long\n .\n more'],
      ['Tag', 'x'],
    ]);
  });

  it('separates stanzas by empty lines, however many, and ignores comments', () => {
    const stanzas = parseStanzas('\n\nA: 1\n# no\nB: 2\n\n \nA: 3\n\n');
    expect(stanzas.map((stanza) => [...stanza.values()])).toEqual([['1', '2'], ['3']]);
  });

  it('takes a value that starts on the next line', () => {
    const [stanza] = parseStanzas('Conffiles:\n /etc/a 0\n /etc/b 1\n');
    expect(stanza?.get('Conffiles')).toBe('\n /etc/a 0\n /etc/b 1');
  });

  it.each([
    ['a folded line without field', ' folded\n', 'control file: line " folded" is no field'],
    ['a line without colon', 'A: 1\nnonsense\n', 'control file: line "nonsense" is no field'],
    ['a name with a space', 'A B: 1\n', 'control file: line "A B: 1" is no field'],
    ['a field twice', 'A: 1\na: 2\n', 'control file: line "a: 2" is there twice'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseStanzas(text)).toThrow(
      expect.objectContaining({ code: 'control-invalid', message }) as Error, // an asymmetric matcher
    );
  });
});

describe('a stanza', () => {
  it('is found by field whatever the case, the exact one first', () => {
    const stanza = new Map([['Package', 'a']]);
    expect(field(stanza, 'package')).toBe('a');
    expect(field(stanza, 'Version')).toBeUndefined();
    expect(() => requiredField(stanza, 'Version')).toThrow('there is no Version field');
  });

  it('is written back as it was read', () => {
    const text = 'Package: a\nEmpty:\nConffiles:\n /etc/a 0\nDescription: short\n long\n';
    expect(parseStanzas(text).map(formatStanza)).toEqual([text]);
  });

  it.each([
    [undefined, { name: 'bin', version: '1.0-1+b2' }],
    ['src', { name: 'src', version: '1.0-1+b2' }],
    ['src (1.0-1)', { name: 'src', version: '1.0-1' }],
  ])('with Source %j was built from %j', (source, expected) => {
    const stanza = new Map([
      ['Package', 'bin'],
      ['Version', '1.0-1+b2'],
      ...(source === undefined ? [] : ([['Source', source]] as const)),
    ]);
    expect(sourceOf(stanza)).toEqual(expected);
  });
});
