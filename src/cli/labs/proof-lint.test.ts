import { describe, expect, it } from 'vitest';
import { makeLab } from '../../labs/lab.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Check } from '../../verify/check.ts';
import { withFiles } from '../../verify/folder.ts';
import { lintLab } from './proof-lint.ts';

const YAML = `title: { pt-BR: Uma, en: One }
goal: { pt-BR: Faça., en: Do. }
difficulty: 2
minutes: 20
edit: ['*']
engine: { processes: false, images: [busybox:1.37, gcr.io/distroless/static-debian13] }
hints:
  - { id: um, check: builds, text: { pt-BR: 'Olhe o \`Dockerfile\`.', en: 'Look at it.' } }
start: { check: builds, says: nada }
wrong:
  a: { check: builds, says: x, about: { pt-BR: Um., en: One. } }
  b: { check: builds, says: x, about: { pt-BR: Dois., en: Two. } }
  c: { check: builds, says: x, about: { pt-BR: Três., en: Three. } }
`;

const FILES: Readonly<Record<string, string>> = {
  'lab.yaml': YAML,
  'start/Dockerfile': 'FROM busybox:1.37',
  'solution/Dockerfile': [
    'FROM busybox:1.37 AS build',
    'FROM build AS again',
    'FROM scratch AS empty',
    'FROM gcr.io/distroless/static-debian13:latest',
    'COPY --from=build /bin/x /x',
  ].join('\n'),
  ...{ 'wrong/a/a': 'a', 'wrong/b/b': 'b', 'wrong/c/c': 'c' },
};

const BUILDS: Check = {
  ...{ id: 'builds', title: { 'pt-BR': 'Constrói', en: 'Builds' } },
  run: () => Promise.resolve({ status: 'pass' }),
};

function lab(
  files: Readonly<Record<string, string>> = {},
  checks: readonly Check[] = [BUILDS],
): Lab {
  const folder = withFiles(new Map(), { ...FILES, ...files });
  return makeLab({ slug: 'uma', files: folder, verifier: { checks } });
}

const yaml = (right: string, wrong: string): Lab => {
  expect(YAML).toContain(right);
  return lab({ 'lab.yaml': YAML.replace(right, wrong) });
};

const IMAGES = new Set([
  ...['docker.io/library/busybox:1.37', 'gcr.io/distroless/static-debian13:latest'],
]);
const hasImage = (name: string): boolean => IMAGES.has(name);

describe('a lab', () => {
  it('that lacks nothing is let through', () => {
    expect(lintLab(lab(), hasImage)).toEqual([]);
    const shell = { ...BUILDS, title: { 'pt-BR': 'Shell', en: 'Shell' } };
    expect(lintLab(lab({}, [shell]), hasImage)).toEqual([]);
  });

  it('without checks needs no wrong answers', () => {
    const [playground = ''] = YAML.split('hints:');
    const files = withFiles(new Map(), { 'lab.yaml': playground, 'start/Dockerfile': 'FROM x' });
    expect(lintLab(makeLab({ slug: 'livre', files, verifier: undefined }), hasImage)).toEqual([]);
  });

  it.each([
    [
      'two wrong answers',
      () =>
        makeLab({
          slug: 'uma',
          files: new Map(
            [
              ...withFiles(new Map(), { ...FILES, 'lab.yaml': YAML.replace(/ {2}c: .*\n/, '') }),
            ].filter(([path]) => path !== 'wrong/c/c'),
          ),
          verifier: { checks: [BUILDS] },
        }),
      'has 2 wrong answers, and needs 3',
    ],
    [
      'a goal in one language',
      () => yaml('pt-BR: Faça., en: Do.', 'pt-BR: Do it now., en: Do it now.'),
      'goal is the same in both',
    ],
    [
      'a hint in one language',
      () => yaml('pt-BR: Um., en: One.', 'pt-BR: One of them., en: One of them.'),
      'wrong.a is the same in both',
    ],
    [
      'a title in one language',
      () =>
        lab({}, [{ ...BUILDS, title: { 'pt-BR': 'The image builds', en: 'The image builds' } }]),
      'title of builds is the same in both',
    ],
    [
      'a hint to paste',
      () => yaml('Look at it.', 'Write `COPY --from=build /bin/x /x`.'),
      'hint um has a line of the solution in it',
    ],
    [
      'an image of nobody',
      () => yaml('busybox:1.37', 'busybox:1.37, debian:12'),
      'engine.images: the pantry has no debian:12',
    ],
    [
      'an image that it does not name',
      () => yaml('busybox:1.37, ', ''),
      'engine.images does not name busybox:1.37',
    ],
  ])('with %s is told', (_, make, message) => {
    expect(lintLab(make(), hasImage).join('\n')).toContain(message);
  });
});
