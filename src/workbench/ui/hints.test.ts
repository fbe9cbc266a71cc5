import { describe, expect, it } from 'vitest';
import { verbatim } from '../../verify/words.ts';
import { hintsFor, shownHints, withOneMore } from './hints.ts';

const hint = (id: string, check: string) => ({ id, check, text: verbatim(id) });
const hints = [
  hint('first-line', 'builds'),
  hint('mod-init', 'builds'),
  hint('tag', 'user'),
  hint('last-stage', 'builds'),
];
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

describe('hints', () => {
  it('are those of the check, in the order of the lab', () => {
    expect(ids(hintsFor(hints, { id: 'builds' }))).toEqual([
      'first-line',
      'mod-init',
      'last-stage',
    ]);
  });

  it('begin with the one that the failing check names', () => {
    expect(ids(hintsFor(hints, { id: 'builds', hint: 'last-stage' }))).toEqual([
      ...['last-stage', 'first-line', 'mod-init'],
    ]);
  });

  it('are none for a check without any, and a name that is not there is nobody’s', () => {
    expect(hintsFor(hints, { id: 'runs' })).toEqual([]);
    expect(ids(hintsFor(hints, { id: 'user', hint: 'gone' }))).toEqual(['tag']);
  });

  it('are shown one at a time, for each check on its own', () => {
    const check = { id: 'builds' };
    expect(shownHints(hints, check, {})).toEqual({ shown: [], left: 3, of: 3 });
    const given = withOneMore(withOneMore({ user: 1 }, 'builds'), 'builds');
    const { shown, left } = shownHints(hints, check, given);
    expect([ids(shown), left]).toEqual([['first-line', 'mod-init'], 1]);
    expect(given).toEqual({ user: 1, builds: 2 });
  });

  it('end where there are no more', () => {
    expect(shownHints(hints, { id: 'user' }, { user: 5 })).toMatchObject({ left: 0, of: 1 });
  });
});
