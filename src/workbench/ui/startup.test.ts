import { describe, expect, it } from 'vitest';
import type { WorkbenchState } from '../port.ts';
import { type Cover, coverOf } from './startup.ts';
import { asTrouble } from './trouble.ts';
import { wordsOf } from './words/index.ts';

const pt = wordsOf['pt-BR'];
const cover = (state: WorkbenchState): Cover | undefined => coverOf(state, pt, 'pt-BR');

describe('while the workbench starts', () => {
  it('what is done, what is under way with its bytes, and what is to come are told', () => {
    const state = {
      kind: 'starting',
      stage: 'loading',
      bytes: 3_100_000,
      total: 7_820_000,
    } as const;
    expect(cover({ ...state, seconds: 0.62 })).toEqual({
      kind: 'starting',
      seconds: '0,6 s',
      rows: [
        { label: pt.start.stages.code, is: 'done' },
        {
          ...{ label: pt.start.stages.loading, is: 'now', detail: '3,1\u202fMB de 7,82\u202fMB' },
          share: 3.1 / 7.82,
        },
        { label: pt.start.stages.restoring, is: 'next' },
        { label: pt.start.stages.files, is: 'next' },
      ],
    });
  });

  it('no share is told when nobody knows how much there is', () => {
    const state = { kind: 'starting', stage: 'code', bytes: 512, seconds: 0 } as const;
    const shown = cover(state);
    expect(shown?.kind === 'starting' && shown.rows[0]).toEqual({
      ...{ label: pt.start.stages.code, is: 'now', detail: '512\u202fB' },
    });
  });

  it('nothing is told that is not known', () => {
    const shown = cover({ kind: 'off' });
    expect(shown?.kind === 'starting' && shown.rows[0]).toEqual({
      ...{ label: pt.start.stages.code, is: 'now' },
    });
  });
});

describe('what covers the workbench', () => {
  it('is nothing when it runs', () => {
    expect(cover({ kind: 'running', seconds: 0.8 })).toBeUndefined();
  });

  it('offers to bring it here when it is in another tab', () => {
    expect(cover({ kind: 'elsewhere' })).toMatchObject({ takeOver: 'Trazer para esta aba' });
  });

  it.each(['wasm', 'worker', 'storage', 'locks'] as const)(
    'says what to do in a browser without %s',
    (missing) => {
      for (const lang of ['pt-BR', 'en'] as const) {
        const shown = coverOf({ kind: 'impossible', missing }, wordsOf[lang], lang);
        expect(shown).toMatchObject({
          kind: 'impossible',
          says: wordsOf[lang].start.missing[missing],
        });
      }
    },
  );

  it('says why it stopped, in words where there are some, with the detail kept', () => {
    const error = { code: 'machine-crashed', message: 'CPU halted' };
    expect(cover({ kind: 'failed', error })).toMatchObject({
      ...{ kind: 'failed', says: { message: 'O Linux da bancada caiu.' }, error },
    });
    expect(cover({ kind: 'failed', error: { code: 'new-one', message: 'x' } })).toMatchObject({
      says: pt.trouble.unknown,
    });
  });

  it('takes no word from what every object has', () => {
    const shown = cover({ kind: 'failed', error: { code: 'toString', message: '' } });
    expect(shown).toMatchObject({ says: pt.trouble.unknown });
  });
});

describe('trouble', () => {
  it('is what was thrown, with code and hint where it has them', () => {
    expect(asTrouble({ code: 'store-full', message: 'full', hint: 'x', stack: '…' })).toEqual({
      ...{ code: 'store-full', message: 'full', hint: 'x' },
    });
    expect(asTrouble(new Error('boom'))).toEqual({ code: 'unknown', message: 'boom' });
    expect(asTrouble('boom')).toEqual({ code: 'unknown', message: 'boom' });
  });
});
