import { expect, it } from 'vitest';
import { failedLine } from './failed-line.ts';

const TWO_STAGES = `# a comment
FROM golang:1.24 AS Build
ENV A=b
COPY go.mod .
RUN go \\
  build

FROM busybox
WORKDIR /app
LABEL x=y
COPY --from=build /out /
RUN true
`;

/** The message, the step, the line. */
const CASES: readonly (readonly [string, string | undefined, number | undefined])[] = [
  ['exit code: 1', '[build 1/3] FROM docker.io/library/golang:1.24', 2],
  ['exit code: 1', '[build 2/3] COPY go.mod .', 4],
  ['exit code: 1', '[build 3/3] RUN go   build', 5],
  ['exit code: 1', '[stage-1 2/4] WORKDIR /app', 9],
  ['exit code: 1', '[stage-1 3/4] COPY --from=build /out /', 11],
  ['exit code: 1', '[stage-1 4/4] RUN true', 12],
  ['not found', '[internal] load metadata for docker.io/library/busybox:latest', 8],
  ['not found', '[internal] load metadata for gcr.io/other:latest', undefined],
  ['exit status 1', '[1/2] STEP 4/4: RUN go   build', 5],
  ['exit status 1', '[2/2] STEP 3/5: LABEL x=y', 10],
  ['dockerfile parse error on line 7: unknown instruction: COPPY', undefined, 7],
  ['failed to solve', undefined, undefined],
  ['exit code: 1', '[build 9/9] RUN nothing', undefined],
];

it.each(CASES)('%s at %s: line %s', (message, step, line) => {
  expect(failedLine(TWO_STAGES, message, step)).toBe(line);
});

it('a single stage has no name', () => {
  expect(failedLine('FROM a\nRUN b\nRUN c\n', 'x', '[3/3] RUN c')).toBe(3);
  expect(failedLine('FROM a\nRUN b\nRUN c\n', 'x', 'STEP 2/3: RUN b')).toBe(2);
});

it('what cannot be parsed is where our parser stops', () => {
  expect(failedLine('FROM a\n\nCOPPY b c\n', 'Unknown instruction', 'STEP 1/2: FROM a')).toBe(3);
});
