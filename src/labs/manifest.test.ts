import { describe, expect, it } from 'vitest';
import { thrownBy } from '../testing/thrown.ts';
import { parseManifest } from './manifest.ts';

const SMALL = `lesson: 4
title: { pt-BR: Uma saudação, en: A greeting }
goal: { pt-BR: Ponha-a na imagem., en: Put it into the image. }
difficulty: 2
minutes: 20
edit: [Dockerfile]
engine: { processes: true, images: [busybox:1.37] }
nonce:
  saudacao: { kind: word }
  ordem: { kind: shuffle, of: [a, b], per: start }
plant: { segredo.env: "{{saudacao}}" }
hints:
  - id: um
    check: builds
    text: { pt-BR: Olhe., en: Look. }
  - id: dois
    check: builds
    text: { pt-BR: Olhe de novo., en: Look again. }
start: { check: builds, says: go.mod }
wrong:
  outra: { check: runs, says: { pt-BR: vazio, en: empty }, about: { pt-BR: Nada., en: Nothing. } }
`;

describe('a lab.yaml', () => {
  it('says what it says, and what it leaves out has a default', () => {
    const read = parseManifest(SMALL, 'lab.yaml');
    expect(read.title).toEqual({ 'pt-BR': 'Uma saudação', en: 'A greeting' });
    expect(read.nonce).toEqual({
      saudacao: { kind: 'word', per: 'run' },
      ordem: { kind: 'shuffle', of: ['a', 'b'], per: 'start' },
    });
    expect(read.wrong['outra']).toMatchObject({ over: 'solution', remove: [] });
    expect(read.templates).toEqual([]);
  });

  it('may be a playground: no lesson, no hints, nothing that is wrong', () => {
    const playground = SMALL.replace(/^lesson.*\n/, '').replace(/hints:[^]*/, '');
    expect(parseManifest(playground, 'lab.yaml')).toMatchObject({ hints: [], wrong: {} });
  });

  it.each([
    ['an unknown field', 'minutes: 20', 'minuts: 20', ':5: minuts: is no field there is'],
    ['a missing field', 'minutes: 20\n', '', ':1: minutes: is missing. How long it takes'],
    ['a missing language', ', en: A greeting', '', ':2: title.en: is missing. In English: a full'],
    ['an empty text', 'en: Look. ', "en: '' ", ':15: hints.0.text.en: must not be empty.'],
    ['a wrong type', 'minutes: 20', 'minutes: long', ':5: minutes: expected '],
    ['a number too large', 'difficulty: 2', 'difficulty: 4', ':4: difficulty: expected one of'],
    ['another kind', 'kind: word', 'kind: wort', ':9: nonce.saudacao.kind: must have a `kind`'],
    ['a check as no id is', 'check: runs', 'check: Runs', ':21: wrong.outra.check: must be lower'],
    ['a path out of the folder', 'segredo.env', '../segredo', ':11: plant.../segredo: '],
    ['a value nobody draws', '{{saudacao}}', '{{nada}}', '{{nada}} is no value of `nonce`'],
    ['the place of a list', '{{saudacao}}', '{{ordem.3}}', '{{ordem.3}} is no value'],
    ['a hint twice', 'id: dois', 'id: um', ':16: hints.1.id: um is there twice'],
    ['a taken name', 'outra:', 'solution:', ':21: wrong.solution: is the name of something else'],
    ['no fragment', 'says: go.mod', 'says: [go.mod]', ':19: start.says: must be a text, or one'],
    ['no YAML', 'minutes: 20', 'minutes: [', ':'],
  ])('is refused for %s, with file, line, field and what it is for', (_, right, wrong, message) => {
    expect(() => parseManifest(SMALL, 'labs/x/lab.yaml')).not.toThrow();
    const broken = SMALL.replace(right, wrong);
    expect(broken).not.toBe(SMALL);
    const thrown = thrownBy(() => parseManifest(broken, 'labs/x/lab.yaml'));
    expect(thrown.code).toBe('lab-invalid');
    expect(thrown.message).toContain('labs/x/lab.yaml:');
    expect(thrown.message).toContain(message);
  });

  it('with several mistakes is refused once, with a line for each', () => {
    const broken = SMALL.replace('minutes: 20', 'minutes: no').replace(', en: Look. ', ' ');
    const { message } = thrownBy(() => parseManifest(broken, 'x.yaml'));
    expect(message.split('\n').map((line) => line.split(': ')[1])).toEqual([
      'minutes',
      'hints.0.text.en',
    ]);
  });
});
