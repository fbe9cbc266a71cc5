import { expect, test } from 'vitest';
import { alignColumns } from './columns.ts';
import { humanDuration } from './duration.ts';
import { ellipsis } from './ellipsis.ts';
import { humanSize } from './size.ts';
import { goTime, rfc3339, unixSeconds, UTC, type Zone } from './time.ts';

test.each([
  [0, '0B', '0B'],
  [6, '6B', '6B'],
  [999, '999B', '999B'],
  [1000, '1kB', '1kB'],
  [2_024_586, '2.02MB', '2.025MB'],
  [10_050_000, '10.1MB', '10.05MB'],
  [119_600_000, '120MB', '119.6MB'],
  [999_600, '1e+03kB', '999.6kB'],
  [1_234_567_890_123, '1.23TB', '1.235TB'],
])('%d bytes are %s in a list and %s in system df', (bytes, three, four) => {
  expect([humanSize(bytes), humanSize(bytes, 4)]).toEqual([three, four]);
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5 * SECOND, 'Less than a second'],
  [999, 'Less than a second'],
  [SECOND, '1 second'],
  [59 * SECOND, '59 seconds'],
  [MINUTE, 'About a minute'],
  [119 * SECOND, 'About a minute'],
  [2 * MINUTE, '2 minutes'],
  [HOUR - 1, '59 minutes'],
  [HOUR, 'About an hour'],
  [1.5 * HOUR, '2 hours'],
  [47 * HOUR, '47 hours'],
  [2 * DAY, '2 days'],
  [13.9 * DAY, '13 days'],
  [14 * DAY, '2 weeks'],
  [59 * DAY, '8 weeks'],
  [60 * DAY, '2 months'],
  [729 * DAY, '24 months'],
  [730 * DAY, '2 years'],
])('%d ms are %s', (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text);
});

test('times are printed as Go prints them', () => {
  const seconds = unixSeconds('2026-11-21T08:04:50.339754459Z');
  expect(rfc3339(seconds, UTC)).toBe('2026-11-21T08:04:50Z');
  expect(goTime(seconds, UTC)).toBe('2026-11-21 08:04:50 +0000 UTC');
  expect(rfc3339(unixSeconds(undefined), UTC)).toBe('1970-01-01T00:00:00Z');
  expect(rfc3339(unixSeconds('0001-01-01T00:00:00Z'), UTC)).toBe('0001-01-01T00:00:00Z');
  expect(rfc3339(unixSeconds('1970-01-01T00:00:00Z'), UTC)).toBe('1970-01-01T00:00:00Z');
});

test("times are those of the reader's clock", () => {
  const seconds = unixSeconds('2026-11-21T01:04:50Z');
  const brasilia: Zone = () => ({ minutes: -180, name: '-03' });
  expect(rfc3339(seconds, brasilia)).toBe('2026-11-20T22:04:50-03:00');
  expect(goTime(seconds, brasilia)).toBe('2026-11-20 22:04:50 -0300 -03');
  const kolkata: Zone = () => ({ minutes: 330, name: 'IST' });
  expect(goTime(seconds, kolkata)).toBe('2026-11-21 06:34:50 +0530 IST');
});

test('text is cut to 45 characters, the last of them an ellipsis', () => {
  expect(ellipsis('a'.repeat(45), 45)).toBe('a'.repeat(45));
  expect(ellipsis('a'.repeat(46), 45)).toBe(`${'a'.repeat(44)}…`);
  expect(ellipsis('é'.repeat(46), 45)).toBe(`${'é'.repeat(44)}…`);
});

test.each([
  ['cells are ten wide at least', 'A\tB\nx\ty\n', 'A         B\nx         y\n'],
  [
    'and three wider than their longest',
    'A\tB\n12345678901\ty\n',
    'A             B\n12345678901   y\n',
  ],
  [
    'the last cell is not padded',
    'A\tlong last cell\nx\t\n',
    'A         long last cell\nx         \n',
  ],
  [
    'letters are counted, not bytes',
    'CREATED BY\tSIZE\nabcdefgh…\t1\n',
    'CREATED BY   SIZE\nabcdefgh…    1\n',
  ],
  [
    'a column ends where a line lacks the cell',
    'aaaaaaaaaaaa\tb\nno tab\nc\td\n',
    'aaaaaaaaaaaa   b\nno tab\nc         d\n',
  ],
])('%s', (_, text, aligned) => {
  expect(alignColumns(text)).toBe(aligned);
});
