import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckStatus, Report } from '../../verify/check.ts';
import { verbatim, type Words } from '../../verify/words.ts';
import { loadLab } from './find.ts';
import { casesOf, prove, proveTwice, type RunChecks } from './proof.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'labs', 'testdata', 'labs');
const lab = await loadLab('exemplo', EXAMPLES);
const cases = new Map(casesOf(lab).map((one) => [one.name, one]));

function caseOf(name: string): Parameters<typeof prove>[1] {
  const one = cases.get(name);
  if (!one) throw new Error(name);
  return one;
}

function result(id: string, status: CheckStatus, found?: Words): CheckResult {
  return { id, title: verbatim(id), status, seconds: 0.1, ...(found && { found }) };
}

function report(...checks: readonly CheckResult[]): Report {
  return { status: 'pass', seconds: 1, checks };
}

const saying =
  (made: Report): RunChecks =>
  () =>
    Promise.resolve(made);
const EMPTY: Words = { 'pt-BR': 'o arquivo está vazio', en: 'the file is empty' };

describe('the cases of a lab', () => {
  it('are start, solution and every wrong answer', () => {
    expect([...cases.keys()]).toEqual([
      ...['start', 'solution', 'wrong/vazio', 'wrong/fixo', 'wrong/sem-arquivo'],
    ]);
  });

  it('are none for a playground', async () => {
    expect(casesOf(await loadLab('parque', EXAMPLES))).toEqual([]);
  });
});

describe('an answer that must pass', () => {
  it.each([
    ['passes', report(result('builds', 'pass'), result('greets', 'pass')), []],
    ['passes what applies', report(result('builds', 'pass'), result('greets', 'skip')), []],
    [
      'fails',
      report(result('builds', 'pass'), result('greets', 'fail', EMPTY)),
      ['must pass, but greets fails: found the file is empty'],
    ],
    ['has nothing that applies', report(result('builds', 'skip')), ['not one check passed']],
    [
      'is not the one that is broken',
      report(result('builds', 'broken', verbatim('no space'))),
      ['builds is broken: found no space'],
    ],
    [
      'names a hint of nobody',
      report({ ...result('builds', 'pass'), hint: 'nada' }),
      ['builds names the hint nada, which lab.yaml does not have'],
    ],
  ])('%s', async (_, made, problems) => {
    expect((await prove(lab, caseOf('solution'), saying(made))).problems).toEqual(problems);
  });
});

describe('an answer that must fail', () => {
  const failing = report(result('builds', 'pass'), result('greets', 'fail', EMPTY));

  it.each([
    ['fails where it must', failing, []],
    [
      'fails where it must, after what does not apply',
      report(result('builds', 'skip'), result('greets', 'fail', EMPTY)),
      [],
    ],
    [
      'passes',
      report(result('builds', 'pass'), result('greets', 'pass')),
      ['must fail at greets, but no check fails'],
    ],
    [
      'does not come to it',
      report(result('builds', 'pass'), result('greets', 'skip', verbatim('not here'))),
      ['must fail at greets, but no check fails: it was skipped, found not here'],
    ],
    [
      'fails earlier',
      report(result('builds', 'fail', verbatim('no such file')), result('greets', 'skip')),
      ['must fail at greets, but builds fails first: found no such file'],
    ],
    [
      'says something else in one language',
      report(result('builds', 'pass'), result('greets', 'fail', { ...EMPTY, 'pt-BR': 'nada' })),
      ['greets does not say "está vazio" in pt-BR: found nada'],
    ],
  ])('%s', async (_, made, problems) => {
    expect((await prove(lab, caseOf('wrong/vazio'), saying(made))).problems).toEqual(problems);
  });

  it('fails without help when its check has no hint and names none', async () => {
    const { manifest } = lab;
    const bare = { ...lab, manifest: { ...manifest, hints: manifest.hints.slice(0, 1) } };
    const one = caseOf('wrong/vazio');
    expect((await prove(bare, one, saying(failing))).problems).toEqual([
      'greets has no hint in lab.yaml, and names none',
    ]);
    const named = report(
      { ...result('builds', 'pass') },
      { ...result('greets', 'fail', EMPTY), hint: 'onde' },
    );
    expect((await prove(bare, one, saying(named))).problems).toEqual([]);
  });

  it('may say a fragment that is the same in both languages, of what was expected too', async () => {
    const expected = verbatim('caju-0000');
    const made = report({ ...result('greets', 'fail', EMPTY), expected });
    expect((await prove(lab, caseOf('wrong/fixo'), saying(made))).problems).toEqual([]);
  });
});

describe('two runs', () => {
  it('have different values', async () => {
    const seen: unknown[] = [];
    const runs = await proveTwice(lab, caseOf('solution'), (nonce) => {
      seen.push(nonce);
      return Promise.resolve(report(result('builds', 'pass')));
    });
    expect(runs.map(({ problems }) => problems)).toEqual([[], []]);
    expect(runs.map(({ nonce }) => nonce)).toEqual(seen);
    expect(seen[0]).not.toEqual(seen[1]);
  });

  it('are one when the first disagrees', async () => {
    const runs = await proveTwice(lab, caseOf('start'), saying(report(result('builds', 'pass'))));
    expect(runs).toHaveLength(1);
  });
});
