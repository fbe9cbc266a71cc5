import type { LabData } from '../../curriculum/lab-data.ts';
import type { CheckResult } from '../../verify/check.ts';
import { verbatim, words } from '../../verify/words.ts';

// A lab for testing-page.ts: what it checks, and what comes out.

export const DOCKERFILE = `# syntax=docker/dockerfile:1
FROM golang:1.24-trixie AS build
WORKDIR /src
COPY . .
RUN go build -o /out/app .

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /bin/busybox /usr/bin/diagnostico
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
`;

export const SOLUTION = DOCKERFILE.replace(
  'COPY --from=build /bin/busybox /usr/bin/diagnostico\n',
  '',
);

const titles = {
  builds: words('O Dockerfile constrói', 'The Dockerfile builds'),
  'no-shell': words('A imagem não tem shell nenhum', 'The image has no shell at all'),
  runs: words('O programa roda e responde', 'The program runs and answers'),
  user: words('O programa não roda como root', 'The program does not run as root'),
};

type CheckId = keyof typeof titles;

const check = (id: CheckId, ...needs: readonly CheckId[]) => ({
  ...{ id, title: titles[id], needs, live: false },
});

export const LAB: LabData = {
  slug: 'go-static',
  title: words('Go: static ou base?', 'Go: static or base?'),
  goal: words(
    'O Dockerfile nem constrói. Conserte o build e leve só o programa, estático e sem root, para `static-debian13`.',
    'The Dockerfile does not even build. Repair it and take only the program, static and not as root, to `static-debian13`.',
  ),
  minutes: 30,
  difficulty: 1,
  lesson: { number: 4, slug: 'go-static' },
  edit: ['Dockerfile', 'go.mod'],
  images: ['golang:1.24-trixie', 'gcr.io/distroless/static-debian13:nonroot'],
  processes: true,
  live: false,
  checks: [check('builds'), check('no-shell', 'builds'), check('runs', 'no-shell'), check('user')],
  hints: [
    {
      ...{ id: 'look-inside', check: 'no-shell' },
      text: words(
        'Um busybox continua sendo um shell com outro nome. A base sozinha não tem nenhum; o que você copiou a mais?',
        'A busybox by another name is still a shell. The base alone has none; what more did you copy?',
      ),
    },
    {
      ...{ id: 'copy-lines', check: 'no-shell' },
      text: words(
        'Compare as linhas `COPY` do último stage: qual delas não é o programa?',
        'Compare the `COPY` lines of the last stage: which of them is not the program?',
      ),
    },
  ],
  start: [
    { path: 'Dockerfile', text: DOCKERFILE, size: DOCKERFILE.length },
    { path: 'main.go', text: 'package main\n', size: 13 },
  ],
};

export const SHELL_LAYER = `sha256:${'b'.repeat(64)}`;

const result = (id: CheckId, status: CheckResult['status'], seconds = 0.1): CheckResult => ({
  ...{ id, status, title: titles[id], seconds },
});

export const RIGHT: readonly CheckResult[] = [
  result('builds', 'pass', 4.2),
  result('no-shell', 'pass'),
  result('runs', 'pass'),
  result('user', 'pass'),
];

export const WRONG: readonly CheckResult[] = [
  result('builds', 'pass', 4.2),
  {
    ...result('no-shell', 'fail'),
    expected: words(
      'nenhum `sh`, `bash` ou `busybox`, com o nome que for',
      'no `sh`, `bash` or `busybox`, by whatever name',
    ),
    found: words('`/usr/bin/diagnostico` é um busybox', '`/usr/bin/diagnostico` is a busybox'),
    where: {
      source: { file: 'Dockerfile', line: 8 },
      layer: { index: 1, diffId: SHELL_LAYER, createdBy: 'COPY /bin/busybox /usr/bin/diagnostico' },
      path: '/usr/bin/diagnostico',
    },
  },
  {
    ...result('runs', 'skip'),
    found: words(
      'depende de «A imagem não tem shell nenhum»',
      'depends on “The image has no shell at all”',
    ),
  },
  result('user', 'pass'),
];

export const BROKEN: readonly CheckResult[] = [
  {
    ...result('builds', 'broken'),
    found: words(
      'não deu para buscar `golang:1.24-trixie`',
      '`golang:1.24-trixie` could not be fetched',
    ),
    advice: words(
      'Confira a conexão e verifique de novo.',
      'Look at your connection and check again.',
    ),
  },
  ...(['no-shell', 'runs'] as const).map((id) => ({
    ...result(id, 'skip' as const),
    found: words('depende de «O Dockerfile constrói»', 'depends on “The Dockerfile builds”'),
  })),
  {
    ...result('user', 'fail'),
    expected: verbatim('65532'),
    found: verbatim('\u001b[31mpanic:\u001b[0m no user\n'.repeat(9)),
  },
];
