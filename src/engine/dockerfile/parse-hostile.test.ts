import fc from 'fast-check';
import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, test } from 'vitest';
import { fuzzRuns } from '../../testing/hostile.ts';
import { decodeName } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import { checkDockerfile } from './checks.ts';
import { expand, expandWords } from './expand.ts';
import { parseDockerignore } from './ignore.ts';
import { parseDockerfile } from './parse.ts';
import { globalScope } from './scopes.ts';
import { planStages } from './stages.ts';

const KEYWORDS = [
  ...['FROM', 'RUN', 'COPY', 'ADD', 'ENV', 'LABEL', 'ARG', 'WORKDIR', 'USER', 'EXPOSE', 'VOLUME'],
  ...['CMD', 'ENTRYPOINT', 'SHELL', 'HEALTHCHECK', 'STOPSIGNAL', 'ONBUILD', 'MAINTAINER', 'FORM'],
];
const FRAGMENTS = [
  ...[
    'a',
    'b=c',
    '"',
    "'",
    '\\',
    '`',
    '$',
    '${',
    '}',
    '${x:-',
    '$x',
    '#',
    '/',
    '*',
    '**',
    '!',
    '[',
    ']',
  ],
  ...['["a"]', '["a", 1]', '<<EOF', '<<-"EOF"', 'EOF', '--from=0', '--mount=type=cache,target=/x'],
  ...[
    '--chown=1',
    '--',
    '--x',
    '=',
    ',',
    ':',
    '80/tcp',
    'AS',
    'NONE',
    'CMD',
    'scratch',
    '\t',
    '  ',
  ],
  ...['\n', '\\\n', '\r\n', '\n\n', '\n#', '\ufeff', '\0', '\u0085', '\u00a0', '\udc80', '😀', 'é'],
  ...['# escape=`\n', '# check=skip=all\n', '# syntax=x\n'],
];

const fragment = fc.constantFrom(...FRAGMENTS);
const keyword = fc.constantFrom(...KEYWORDS);
const line = fc
  .tuple(keyword, fc.array(fragment, { maxLength: 8 }), fc.constantFrom('', ' '))
  .map(([word, parts, gap]) => `${word} ${parts.join(gap)}\n`);
const dockerfiles = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(line, { maxLength: 8 }).map((l) => `FROM scratch\n${l.join('')}`),
  },
  { weight: 2, arbitrary: fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => decodeName(bytes)) },
);

/** Every range lies in the source, and every diagnostic says something. */
function inspect(source: string): void {
  const { dockerfile, diagnostics } = parseDockerfile(source);
  const lines = source.split('\n');
  expect(dockerfile === undefined).toBe(diagnostics.length > 0);
  const findings = dockerfile ? checkDockerfile(dockerfile, { imageEnv: () => [] }) : diagnostics;
  for (const { code, message, hint, range } of findings) {
    expect(code).not.toBe('');
    expect(message).not.toBe('');
    expect(hint).not.toBe('');
    const { start, end } = range;
    expect(start.line < end.line || start.column <= end.column).toBe(true);
    expect(end.line).toBeLessThan(Math.max(lines.length, 1));
    expect(end.column).toBeLessThanOrEqual((lines[end.line] ?? '').length);
  }
  if (!dockerfile) return;
  const platforms = { build: 'linux/386', target: 'linux/386' };
  orEngineError(() => planStages(dockerfile, globalScope(dockerfile, new Map(), platforms)));
}

function orEngineError(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
  }
}

describe('whatever comes in', () => {
  test('the parser answers with a Dockerfile or diagnostics', () => {
    fc.assert(fc.property(dockerfiles, inspect), { numRuns: fuzzRuns(1_000) });
  });

  test('the lexer answers with words or an EngineError', () => {
    const env = new Map([
      ['x', 'a b'],
      ['a', ''],
    ]);
    const words = fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join(''));
    const property = fc.property(words, fc.constantFrom('\\', '`'), (word, escape) => {
      orEngineError(() => expand(word, env, escape));
      orEngineError(() => expandWords(word, env, escape));
    });
    fc.assert(property, { numRuns: fuzzRuns(1_000) });
  });

  test('.dockerignore answers with rules or an EngineError', () => {
    const files = fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join(''));
    const property = fc.property(files, fc.array(fragment, { maxLength: 6 }), (file, path) => {
      orEngineError(() => parseDockerignore(file).verdict(path.join('')));
    });
    fc.assert(property, { numRuns: fuzzRuns(1_000) });
  });
});

/** Generous: they guard against minutes, not against milliseconds. */
describe('size is no way to hang it', { timeout: 60_000 }, () => {
  const MANY = 100_000;
  const TEN_MEGABYTES = 10 * 1024 * 1024;
  const nested = (text: string) => text.repeat(TEN_MEGABYTES / text.length);

  test('a hundred thousand instructions', () => {
    const { dockerfile } = parseDockerfile(`FROM scratch\n${'LABEL a=b\n'.repeat(MANY)}`);
    expect(dockerfile?.stages[0]?.instructions).toHaveLength(MANY);
  });

  test('a hundred thousand mistakes', () => {
    const { diagnostics } = parseDockerfile(`FROM scratch\n${'RUNN a\n'.repeat(MANY)}`);
    expect(diagnostics).toHaveLength(MANY);
    expect(diagnostics[MANY - 1]?.range.start.line).toBe(MANY);
  });

  test('one instruction of ten megabytes in lines', () => {
    const { dockerfile } = parseDockerfile(`FROM scratch\nRUN a${nested(' \\\n  b')}\n`);
    const [run] = dockerfile?.stages[0]?.instructions ?? [];
    expect(run?.text.length).toBeGreaterThan(TEN_MEGABYTES / 2);
  });

  test.each([
    ['one line', `LABEL a=${nested('x')}`],
    ['quotes', `LABEL a=${nested('"')}`],
    ['escapes', `LABEL a=${nested('\\')}b`],
    ['spaces', `RUN${nested(' ')}b`],
    ['a directive with spaces in it', `# escape=${nested(' ')}b`],
    ['heredoc words', `RUN ${nested('<<A ')}`],
    ['braces', `COPY <<EOF ${nested('${a:-')}`],
    ['brackets', `RUN ${nested('[')}`],
    ['flags', `COPY ${nested('--exclude=a ')}`],
    ['mounts', `RUN --mount=${nested('a,')}`],
    ['blank lines', nested('\n')],
    ['comments', nested('# a\n')],
    ['continued comments', `RUN a \\\n${nested('# a\n')}`],
    ['empty continuations', `RUN a \\\n${nested('\n')}`],
    ['triggers', `ONBUILD ${nested('ONBUILD \\\n')}`],
    ['heredocs', `COPY ${nested('<<A \\\n').slice(0, 1_000_000)}/x\n${'A\n'.repeat(166_666)}`],
  ])('ten megabytes of %s', (_, line) => {
    const { dockerfile, diagnostics } = parseDockerfile(`FROM scratch\n${line}\n`);
    expect(dockerfile !== undefined || diagnostics.length > 0).toBe(true);
  });
});

/** A parser nobody here wrote, where it knows BuildKit's rules: the keywords and their lines. */
test('dockerfile-ast cuts plain files into the same instructions', () => {
  const plain = fc.constantFrom(
    ...['RUN a b', 'COPY a \\\n  b \\\n# c\n  c /d/', 'ENV a=b \\\n\n c=d', 'USER x', 'CMD ["a"]'],
    ...[
      'RUN <<EOF\nRUN b\nEOF',
      'COPY <<A <<-B /x/\na\nA\n\tb\n\tB',
      '# comment',
      '',
      'LABEL a="b c"',
    ],
  );
  const property = fc.property(fc.array(plain, { maxLength: 12 }), (lines) => {
    const source = ['FROM scratch', ...lines, 'USER end'].join('\n');
    const stage = parseDockerfile(source).dockerfile?.stages[0];
    const ours = [stage?.from, ...(stage?.instructions ?? [])].map((instruction) =>
      [instruction?.kind, instruction?.range.start.line, instruction?.range.end.line].join(' '),
    );
    const theirs = DockerfileParser.parse(source)
      .getInstructions()
      .map((instruction) => {
        const { start, end } = instruction.getRange();
        return [instruction.getKeyword().toLowerCase(), start.line, end.line].join(' ');
      });
    expect(ours).toEqual(theirs);
  });
  fc.assert(property, { numRuns: fuzzRuns(300) });
});
