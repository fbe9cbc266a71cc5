import { describe, expect, it } from 'vitest';
import { fail, firstFailure, pass, skip, withHint } from './verdicts.ts';
import { verbatim } from './words.ts';

const failure = (text: string) => fail({ expected: verbatim('a'), found: verbatim(text) });

describe('several verdicts', () => {
  it('come to the first failure, whichever is known first', async () => {
    const late = Promise.resolve().then(() => failure('first'));
    expect(await firstFailure(pass(), late, failure('second'))).toEqual(failure('first'));
    expect(await firstFailure(skip(verbatim('no')), failure('first'))).toEqual(failure('first'));
  });

  it('come to a skip when nothing failed, and else to the last pass', async () => {
    expect(await firstFailure(pass(), skip(verbatim('no')), pass())).toEqual(skip(verbatim('no')));
    expect(await firstFailure(pass(verbatim('one')), pass(verbatim('two')))).toEqual(
      pass(verbatim('two')),
    );
    expect(await firstFailure()).toEqual({ status: 'pass' });
  });

  it('come to what is thrown, and nothing is thrown unheard', async () => {
    const broken = () => Promise.reject(new Error('no engine'));
    await expect(firstFailure(broken(), broken(), failure('x'))).rejects.toThrow('no engine');
  });
});

it('a hint is given to failures alone', () => {
  expect(withHint(failure('x'), 'look')).toEqual({ ...failure('x'), hint: 'look' });
  expect(withHint(pass(), 'look')).toEqual(pass());
});
