import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { utf8 } from '../bytes.ts';
import { parseDockerfile } from './parse.ts';
import { readTable, type Row } from './testing-table.ts';
import { splitWords } from './words.ts';

const docker = realDocker();
const { env, rows } = readTable(
  readFileSync(join(import.meta.dirname, 'testdata', 'expand.txt'), 'utf8'),
);

/** In a LABEL a word must be one word, and its line must not end in an escape. */
const isWord = ({ input }: Row) => splitWords(input, '\\').length === 1 && !input.endsWith('\\');
const isError = ({ expected }: Row) => expected.startsWith('! ');

const quoted = (value: string) => `"${value.replace(/["\\$]/g, '\\$&')}"`;
const variables = [...env].map(([name, value]) => `ENV ${name}=${quoted(value)}\n`).join('');

async function build(source: string): Promise<string> {
  const found = docker ?? expect.fail(NO_DOCKER);
  const output = await found.run(['buildx', 'build', '--load', '-q', '-'], { stdin: utf8(source) });
  if (output.code === 0) return output.text.trim();
  // Which of the two it says depends on how fast its client asks.
  const failure = /^ERROR: failed to (?:solve|run Build function): (.*)$/m;
  const [, message = output.stderr] = failure.exec(output.stderr) ?? [];
  return `! ${message}`;
}

describe.skipIf(!docker)(`the same as a real Docker (${NO_DOCKER})`, { timeout: 120_000 }, () => {
  test('every word of the table, as a label', async () => {
    const words = rows.filter((row) => isWord(row) && !isError(row));
    const labels = words.map(({ line, input }) => `LABEL l${line}=${input}\n`).join('');
    const id = await build(`FROM scratch\n${variables}${labels}`);
    expect(id).toMatch(/^sha256:/);
    const format = '{{json .Config.Labels}}';
    const inspected = await docker?.ok(['image', 'inspect', '--format', format, id]);
    await docker?.run(['image', 'rm', id]);
    const expected = Object.fromEntries(words.map(({ line, expected }) => [`l${line}`, expected]));
    expect(JSON.parse(inspected?.text ?? '{}')).toEqual(expected);
    expect(words.length).toBeGreaterThan(150);
  });

  test.each(rows.filter((row) => isWord(row) && isError(row)))(
    'the error of $input',
    async ({ input, expected }) => {
      expect(await build(`FROM scratch\n${variables}LABEL l=${input}\n`)).toBe(expected);
    },
  );

  // Not among them: a Dockerfile of nothing but ARG, which stops Docker 26's daemon.
  test.each([
    '# nothing\n',
    'RUN a\nFROM scratch\n',
    'FROM scratch\nRUNN a\n',
    'FROM scratch\ncopyy a b\n',
    'FROM scratch\nCOPY --bogus a b\n',
    'FROM scratch\nCOPY --chown a b\n',
    'FROM scratch\nCOPY --link=maybe a b\n',
    'FROM scratch\nCOPY --chown=1 --chown=2 a b\n',
    'FROM scratch\nCOPY a\n',
    'FROM scratch\nENV a\n',
    'FROM scratch\nENV a=b c\n',
    'FROM scratch\nENV =a\n',
    'FROM scratch\nENV\n',
    'FROM scratch\nWORKDIR\n',
    'FROM scratch\nSHELL bash\n',
    'FROM scratch AS 1st\n',
    'FROM a b\n',
    'FROM scratch\nCMD ["a", 1]\n',
    'FROM scratch\nCOPY <<EOF /x\nhi\n',
    'FROM scratch\nCOPY a <<EOF\nhi\nEOF\n',
    'FROM scratch\nONBUILD ONBUILD RUN a\n',
    'FROM scratch\nONBUILD FROM x\n',
    'FROM scratch\nHEALTHCHECK NONE x\n',
    'FROM scratch\nHEALTHCHECK RUN x\n',
    'FROM scratch\nHEALTHCHECK --interval=5 CMD x\n',
    'FROM scratch\nHEALTHCHECK --retries=-1 CMD x\n',
    'FROM scratch\nRUN --mount=type=cachee,target=/x a\n',
    'FROM scratch\nRUN --mount=type=bind,uid=1,target=/x a\n',
    'FROM scratch\nRUN --mount=type=secret a\n',
    'FROM scratch\nRUN --mount=from=$x,target=/x a\n',
    'FROM scratch\nRUN --network=bridge a\n',
    'FROM scratch\nVOLUME [""]\n',
    '# escape=`\n# escape=`\nFROM scratch\n',
    '# escape=x\nFROM scratch\n',
  ])('the message about %j', async (source) => {
    const [first] = parseDockerfile(source).diagnostics;
    expect(`! ${first?.message ?? 'none'}`).toBe(await build(source));
  });
});
