import { describe, expect, it } from 'vitest';
import { progressIn, withLesson } from './progress.ts';

const passed = { state: 'passed', at: '2026-11-21T10:00:00Z' } as const;

describe('progress', () => {
  it.each([
    ['nothing yet', undefined, { lessons: [], labs: {}, answers: [] }],
    [
      'what makes no sense',
      { lessons: 'x', labs: [], answers: [1, 'a'] },
      { lessons: [], labs: {}, answers: ['a'] },
    ],
    [
      'what the workbench keeps',
      {
        schema: 1,
        lessons: ['history'],
        labs: { history: passed, other: { state: 'gone' } },
        answers: [],
      },
      { lessons: ['history'], labs: { history: passed }, answers: [] },
    ],
  ])('of %s', (_, document, progress) => {
    expect(progressIn(document)).toEqual(progress);
  });

  it('has a lesson that was read once, and keeps the rest', () => {
    const kept = { schema: 1, lessons: ['a'], labs: { a: passed }, answers: ['x'] };
    expect(withLesson(kept, 'b')).toEqual({ ...kept, lessons: ['a', 'b'] });
    expect(withLesson(kept, 'a')).toEqual(kept);
  });
});
