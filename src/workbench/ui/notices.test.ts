import { describe, expect, it } from 'vitest';
import { type Notice, noticeOf, withNotice } from './notices.ts';
import { wordsOf } from './words/index.ts';

const after = (...notices: readonly Notice[]): readonly Notice[] =>
  notices.reduce<readonly Notice[]>(withNotice, []);
const lookup = (name: string): Notice => ({ kind: 'lookup', names: [name] });
const trouble = (code: string, message: string): Notice => ({
  kind: 'trouble',
  error: { code, message },
});

describe('notices', () => {
  it('tell of a host once, however often it is asked for', () => {
    expect(after(lookup('pypi.org'), lookup('pypi.org'), lookup('example.org'))).toEqual([
      { kind: 'lookup', names: ['pypi.org', 'example.org'] },
    ]);
  });

  it('tell of the last hosts when there are many', () => {
    expect(after(...['a', 'b', 'c', 'd', 'e'].map(lookup))).toEqual([
      { kind: 'lookup', names: ['b', 'c', 'd', 'e'] },
    ]);
  });

  it('tell of trouble once per code, the last of it', () => {
    const notices = after(
      trouble('store-full', '1'),
      trouble('blob-corrupt', '2'),
      trouble('store-full', '3'),
    );
    expect(notices).toEqual([trouble('blob-corrupt', '2'), trouble('store-full', '3')]);
  });

  it('tell nothing of a name that only a network of containers could have', () => {
    expect(noticeOf({ kind: 'lookup', name: 'redis' })).toBeUndefined();
  });

  it('come from changes that a panel does not show', () => {
    expect(noticeOf({ kind: 'lookup', name: 'pypi.org' })).toEqual(lookup('pypi.org'));
    expect(noticeOf({ kind: 'files', paths: [] })).toBeUndefined();
    expect(noticeOf({ kind: 'images' })).toBeUndefined();
  });

  it('name what was looked up, and say that there is no network on purpose', () => {
    expect(wordsOf['pt-BR'].notices.lookup(['pypi.org']).message).toContain('`pypi.org`');
    expect(wordsOf.en.notices.lookup(['a', 'b']).message).toContain('`a`, `b`');
  });
});
