import { describe, expect, it } from 'vitest';
import { thrownBy } from '../testing/thrown.ts';
import type { Check, Verifier } from '../verify/check.ts';
import { type Folder, textOf, withFiles } from '../verify/folder.ts';
import { makeLab } from './lab.ts';
import { plantedFiles, startNames, variantFolder } from './variants.ts';

const YAML = `lesson: 4
title: { pt-BR: Uma, en: One }
goal: { pt-BR: Faça., en: Do. }
difficulty: 2
minutes: 20
edit: [Dockerfile, '*.txt']
engine: { processes: false, images: [] }
nonce: { dono: { kind: word, per: start }, dia: { kind: word } }
plant: { dia.txt: "{{dia}}" }
templates: [dono.txt]
hints: [{ id: um, check: builds, text: { pt-BR: Olhe., en: Look. } }]
start: { check: builds, says: nada }
solution: { remove: [sobra.txt] }
wrong:
  pouco: { check: runs, says: x, about: { pt-BR: Um., en: One. }, remove: [b.txt] }
  velho: { check: builds, says: x, about: { pt-BR: Dois., en: Two. }, over: start }
`;

const FILES: Readonly<Record<string, string>> = {
  'lab.yaml': YAML,
  'start/Dockerfile': 'FROM start',
  'start/dono.txt': 'de {{dono}}, {{.Docker}}',
  'start/sobra.txt': 'sobra',
  'start/src/main.go': 'main',
  'solution/Dockerfile': 'FROM solution',
  'solution/b.txt': 'b',
  'wrong/pouco/Dockerfile': 'FROM pouco',
  'wrong/velho/a.txt': 'a de {{dono}}',
};

const check = (id: string, needs: readonly string[] = []): Check => ({
  ...{ id, needs, title: { 'pt-BR': id, en: id } },
  run: () => Promise.resolve({ status: 'pass' }),
});

const VERIFIER: Verifier = { checks: [check('builds'), check('runs', ['builds'])] };

function lab(
  files: Readonly<Record<string, string>> = {},
  verifier: Verifier | undefined = VERIFIER,
): ReturnType<typeof makeLab> {
  const folder = withFiles(new Map(), { ...FILES, ...files });
  return makeLab({ slug: 'uma', files: folder, verifier });
}

const texts = (folder: Folder): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries([...folder.keys()].sort().map((path) => [path, textOf(folder, path)]));

describe('an answer', () => {
  const nonce = { dono: 'caju-1111' };

  it.each([
    [
      'start',
      {
        Dockerfile: 'FROM start',
        'dono.txt': 'de caju-1111, {{.Docker}}',
        'sobra.txt': 'sobra',
        'src/main.go': 'main',
      },
    ],
    [
      'solution',
      {
        Dockerfile: 'FROM solution',
        'b.txt': 'b',
        'dono.txt': 'de caju-1111, {{.Docker}}',
        'src/main.go': 'main',
      },
    ],
    [
      'pouco',
      {
        Dockerfile: 'FROM pouco',
        'dono.txt': 'de caju-1111, {{.Docker}}',
        'src/main.go': 'main',
      },
    ],
    [
      'velho',
      {
        Dockerfile: 'FROM start',
        'a.txt': 'a de {{dono}}',
        'dono.txt': 'de caju-1111, {{.Docker}}',
        'sobra.txt': 'sobra',
        'src/main.go': 'main',
      },
    ],
  ])('%s is a whole folder', (variant, files) => {
    expect(texts(variantFolder(lab(), variant, nonce))).toEqual(files);
  });

  it('that nobody wrote is a mistake of the caller', () => {
    expect(() => variantFolder(lab(), 'nada', nonce)).toThrow('uma has no variant nada');
  });

  it('is verified with files planted', () => {
    expect(plantedFiles(lab(), { dia: 'manga-2222' })).toEqual({ 'dia.txt': 'manga-2222' });
  });
});

describe('a lab', () => {
  it('knows whether a folder must have been made by `start`', () => {
    expect(startNames(lab().manifest)).toEqual(['dono']);
    const without = YAML.replace('per: start', 'per: run').replace('[dono.txt]', '[]');
    expect(startNames(lab({ 'lab.yaml': without }).manifest)).toEqual([]);
  });

  it('without verify.ts is a playground: no checks, nothing to fail', () => {
    const [playground = ''] = YAML.split('hints:');
    const files = { ...FILES, 'lab.yaml': playground };
    const own = Object.entries(files).filter(([path]) => !/^(solution|wrong)/.test(path));
    const folder = withFiles(new Map(), Object.fromEntries(own));
    expect(makeLab({ slug: 'livre', files: folder, verifier: undefined }).verifier.checks).toEqual(
      [],
    );
  });

  it.each([
    [
      'a check that is not there',
      { 'lab.yaml': YAML.replace('check: runs', 'check: run') },
      'labs/uma/lab.yaml: wrong.pouco.check: verify.ts has no check run (did you mean runs?); it has builds, runs',
    ],
    [
      'a wrong answer without a folder',
      { 'lab.yaml': YAML.replace('velho:', 'outro:') },
      'labs/uma/lab.yaml: wrong.outro: there is no folder wrong/outro with files in it',
    ],
    [
      'a folder that nobody names',
      { 'wrong/mais/a.txt': 'a' },
      'labs/uma/wrong/mais: lab.yaml does not name it under `wrong`',
    ],
    [
      'a start that fails nowhere',
      { 'lab.yaml': YAML.replace(/start: \{ check.*/, '') },
      'labs/uma/lab.yaml: start: is missing.',
    ],
    [
      'a file that changes nothing',
      { 'solution/dono.txt': 'de {{dono}}, {{.Docker}}' },
      'labs/uma/solution/dono.txt: is the same as what it covers',
    ],
    [
      'a change that no learner may make',
      { 'solution/src/main.go': 'other' },
      'labs/uma/solution/src/main.go: is no file that `edit` lets a learner change',
    ],
    [
      'a removal of nothing',
      { 'lab.yaml': YAML.replace('[b.txt]', '[c.txt]') },
      'labs/uma/lab.yaml: wrong.pouco.remove: there is no c.txt to take away',
    ],
    [
      'a value that is not drawn at the start',
      { 'start/dono.txt': '{{dia}}' },
      'labs/uma/start/dono.txt: {{dia}} is no value of `nonce` with `per: start`',
    ],
    [
      'a template that is nowhere',
      { 'lab.yaml': YAML.replace('[dono.txt]', '[nada.txt]') },
      'labs/uma/lab.yaml: templates: no folder has a file nada.txt',
    ],
    [
      'a pattern nobody can match',
      { 'lab.yaml': YAML.replace("'*.txt'", "'['") },
      'labs/uma/lab.yaml: edit: syntax error in pattern',
    ],
  ])('is refused for %s', (_, files, message) => {
    expect(() => lab()).not.toThrow();
    const thrown = thrownBy(() => lab(files));
    expect(thrown.code).toBe('lab-invalid');
    expect(thrown.message).toContain(message);
  });

  it.each([
    ['an id twice', [check('builds'), check('runs'), check('runs')], 'there are two checks runs'],
    ['an id in capitals', [check('builds'), check('runs'), check('Z')], 'the id Z must be lower'],
    [
      'a need that comes later',
      [check('builds', ['runs']), check('runs')],
      'builds needs runs, which is no check before it',
    ],
  ])('is refused for checks with %s', (_, checks, message) => {
    const { message: said } = thrownBy(() => lab({}, { checks }));
    expect(said).toContain(`labs/uma/verify.ts: ${message}`);
  });
});
