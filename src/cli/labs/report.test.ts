import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labDesk } from '../../testing/lab-desk.ts';
import type { Report } from '../../verify/check.ts';
import { verbatim } from '../../verify/words.ts';
import { LABS } from './find.ts';
import { junitXml } from './junit.ts';
import { paintFor } from './paint.ts';
import { placeOf, resultLines } from './render-report.ts';
import { reportJson, reportJsonSchema, reportSchema } from './report-json.ts';
import { startCommand } from './start.ts';
import { verifyCommand } from './verify.ts';
import { commandWords } from './words/index.ts';
import { schemaText } from './write-schema.ts';

/** One check of each kind, with all that can be told of it. */
const report: Report = {
  status: 'broken',
  seconds: 61.2345678,
  checks: [
    { id: 'a', title: verbatim('A'), status: 'pass', seconds: 0.001 },
    {
      ...{ id: 'b', title: verbatim('B <&> "x"'), status: 'fail', seconds: 60 },
      expected: { 'pt-BR': 'um', en: 'one' },
      found: verbatim('two\nthree\u0000\u001b[31m ]]> \ud800'),
      where: {
        source: { file: 'Dockerfile', line: 4 },
        path: '/app',
        layer: { index: 2, diffId: 'sha256:1', createdBy: 'COPY  app\n /' },
      },
      hint: 'h',
    },
    { id: 'c', title: verbatim('C'), status: 'skip', found: verbatim('why'), seconds: 0 },
    {
      ...{ id: 'd', title: verbatim('D'), status: 'broken', found: verbatim('no'), seconds: 0 },
      advice: verbatim('do'),
    },
  ],
};
const hintOf = ({ hint }: { readonly hint?: string }): string | undefined => hint;

describe('--json', () => {
  it('has the keys of its schema, with null for what is not known', () => {
    const engine = { kind: 'docker', version: '26' } as const;
    const json = reportJson(report, { lab: 'l', language: 'pt-BR', engine, hintOf });
    expect(reportSchema.parse(json)).toEqual(json);
    expect(json).toMatchObject({
      ...{ schema: 1, lab: 'l', lang: 'pt-BR', engine, status: 'broken', seconds: 61.235 },
    });
    expect(Object.keys(json)).toEqual([
      ...['schema', 'lab', 'lang', 'engine', 'status', 'seconds', 'checks'],
    ]);
    const keys = ['id', 'title', 'status', 'expected', 'found', 'where', 'hint'];
    for (const check of json.checks) expect(Object.keys(check)).toEqual(keys);
    expect(json.checks[0]).toEqual({
      ...{ id: 'a', title: 'A', status: 'pass', expected: null, found: null, where: null },
      hint: null,
    });
    expect(json.checks[1]).toMatchObject({ expected: 'um', hint: 'h' });
    expect(json.checks[1]?.where).toEqual(report.checks[1]?.where);
  });

  it('the schema in the repository is current', async () => {
    const file = readFileSync(join(LABS, 'verify.schema.json'), 'utf8');
    expect(file, 'run `npm run labs:schema`').toBe(await schemaText(reportJsonSchema()));
  });

  it.each([
    { says: 'what is wrong', files: [], noEngine: false, code: 1, status: 'fail' },
    { says: 'what broke', files: ['trouble'], noEngine: false, code: 2, status: 'broken' },
    { says: 'that there is no engine', files: [], noEngine: true, code: 2, status: 'broken' },
  ])('says $says, and nothing else on stdout', async ({ files, noEngine, code, status }) => {
    const here = labDesk({ noEngine });
    await here.run(startCommand, 'word');
    for (const name of files) writeFileSync(join(here.cwd, 'word', name), '');
    const said = await here.run(verifyCommand, 'in:word', '--json');
    expect(said.code).toBe(code);
    const json = reportSchema.parse(JSON.parse(said.out));
    expect(json).toMatchObject({ lab: 'word', lang: 'en', status });
    expect(json.checks.map(({ id }) => id)).toEqual(['there', 'word', 'extra']);
    const engine = { kind: 'docker', version: '99.1' };
    expect(json.engine).toEqual(noEngine ? null : engine);
    if (noEngine) expect(said.err).toBe('semdistro verify: no engine answers\n');
  });
});

describe('--junit', () => {
  const about = { lab: 'l', language: 'en', words: commandWords.en, hintOf } as const;
  const xml = junitXml(report, { ...about, started: new Date('2026-03-04T15:06:07Z') });

  it('is a suite with a case per check', () => {
    expect(xml).toContain(
      '<testsuite name="l" tests="4" failures="1" errors="1" skipped="1" time="61.235" timestamp="2026-03-04T15:06:07">',
    );
    expect(xml).toContain('<testcase classname="l.a" name="A" time="0.001"/>');
    expect(xml).toContain('<failure type="b" message="two">expected: one\nfound: two\nthree');
    expect(xml).toContain('<skipped message="why"/>');
    expect(xml).toContain('<error type="broken" message="no">no</error>');
  });

  it('is XML to a parser of others, whatever a program printed', ({ skip }) => {
    const script =
      'import sys, xml.etree.ElementTree as t; r = t.fromstring(sys.stdin.buffer.read()); print(len(r.findall(".//testcase")), r.find(".//failure").text.count("]]>"))';
    const found = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' });
    skip(found.error !== undefined, 'there is no python3 on this machine');
    expect(found).toMatchObject({ status: 0, stdout: '4 1\n' });
  });

  it('in the command', async () => {
    const here = labDesk();
    await here.run(startCommand, 'word');
    const { code, out } = await here.run(verifyCommand, 'word', '--junit');
    expect(code).toBe(1);
    expect(out).toMatch(/^<\?xml[^]*<failure type="word" message="nothing">[^]*<\/testsuites>\n$/);
  });
});

describe('for people', () => {
  it('where: file and line, layer counted from 1, path', () => {
    const where = report.checks[1]?.where ?? {};
    expect(placeOf(where, commandWords['pt-BR'])).toBe(
      'Dockerfile, linha 4; camada 3 (COPY app /); /app na imagem',
    );
    expect(placeOf({ path: '/x' }, commandWords.en)).toBe('/x in the image');
    expect(placeOf({}, commandWords.en)).toBe('');
  });

  it('wraps on a terminal, below the value; not in a pipe', () => {
    const words = commandWords.en;
    const paint = paintFor({}, {});
    const result = {
      ...({ id: 'x', title: verbatim('X'), status: 'fail', seconds: 12.3 } as const),
      found: verbatim('one two three four five six seven eight'),
    };
    const view = { words, paint, language: 'en' } as const;
    expect(resultLines(result, undefined, { ...view, columns: 40 })).toEqual([
      ...['✗ X 12 s', '    found: one two three four five six', '           seven eight'],
    ]);
    expect(resultLines(result, undefined, { ...view, columns: undefined })).toHaveLength(2);
  });
});
