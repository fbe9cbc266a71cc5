import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../verify/check.ts';
import { verbatim, words as both } from '../../verify/words.ts';
import { afterEvent, beforeChecks, type CheckEvent, type CheckState } from './check-state.ts';
import { announcementOf, elapsedOf, verdictOf } from './check-words.ts';
import { wordsOf } from './words/index.ts';

const builds: CheckResult = {
  ...{ id: 'builds', title: both('O Dockerfile constrói', 'The Dockerfile builds'), seconds: 1 },
  ...{
    status: 'fail',
    expected: verbatim('go.mod'),
    found: both('não há `go.mod`', 'no `go.mod`'),
  },
};
const shell: CheckResult = {
  ...{ id: 'no-shell', title: both('Não há shell', 'There is no shell'), seconds: 0 },
  ...{ status: 'skip', found: both('depende de «O Dockerfile constrói»', 'depends on it') },
};
const broken: CheckResult = { ...builds, status: 'broken', found: both('o disco encheu', 'full') };
const passed: CheckResult = { ...builds, status: 'pass' };

const after = (...events: readonly CheckEvent[]): CheckState =>
  events.reduce(afterEvent, beforeChecks([builds, shell]));
const end = (status: 'pass' | 'fail' | 'broken', ...checks: readonly CheckResult[]): CheckState =>
  after({ kind: 'begin' }, { kind: 'end', report: { status, checks, seconds: 1.24 } });
const said = (state: CheckState): string => verdictOf(state, wordsOf['pt-BR'], 'pt-BR').text;

describe('what is said about a run', () => {
  it.each([
    ['before it', after(), 'O que vai ser verificado:'],
    ['of a lab without checks', beforeChecks([]), wordsOf['pt-BR'].check.none],
    ['as it begins', after({ kind: 'begin' }), 'Verificando…'],
    [
      'in the middle',
      after({ kind: 'begin' }, { kind: 'start', id: 'no-shell' }),
      'Verificando: Não há shell',
    ],
    [
      'when it was stopped',
      after({ kind: 'begin' }, { kind: 'stop' }),
      wordsOf['pt-BR'].check.stopped,
    ],
    ['when all is right', end('pass', passed), 'Está certo. Parabéns!'],
    ['when something is wrong', end('fail', builds, shell), 'Ainda não.'],
    ['when something is broken', end('broken', broken), wordsOf['pt-BR'].check.broken],
  ])('%s', (_, state, text) => {
    expect(said(state)).toBe(text);
  });

  it('has its counts, and time', () => {
    const { counts, tone } = verdictOf(end('fail', builds, shell), wordsOf['pt-BR'], 'pt-BR');
    expect([counts, tone]).toEqual(['1 falhou, 1 pulada · 1,2 s', 'bad']);
  });

  it('tells broken from wrong', () => {
    expect(verdictOf(end('broken', broken), wordsOf.en, 'en')).toMatchObject({
      ...{ tone: 'warn', counts: '1 broken · 1.2 s' },
    });
  });
});

it.each([
  [2.9, ''],
  [3.2, '3 s'],
  [20, '20 s · Quando há o que compilar, são minutos: esta máquina é emulada.'],
])('after %d seconds of a run it says “%s”', (seconds, text) => {
  expect(elapsedOf(seconds, wordsOf['pt-BR'])).toBe(text);
});

describe('what a screen reader hears', () => {
  it('is the verdict and the first thing that is wrong, without signs', () => {
    expect(announcementOf(end('fail', builds, shell), wordsOf['pt-BR'], 'pt-BR')).toBe(
      'Ainda não. 1 falhou, 1 pulada · 1,2 s. O Dockerfile constrói: falhou. Encontrado: não há go.mod.',
    );
  });

  it('has a reason when something broke', () => {
    expect(announcementOf(end('broken', broken), wordsOf.en, 'en')).toContain(
      'The Dockerfile builds: broken. Reason: full.',
    );
  });

  it('is no more than the verdict when all is right', () => {
    expect(announcementOf(end('pass', passed), wordsOf.en, 'en')).toBe(
      'That is right. Well done! 1 passed · 1.2 s.',
    );
  });
});
