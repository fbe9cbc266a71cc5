import { describe, expect, it } from 'vitest';
import { inlineParts, splitAnswer } from './inline.ts';

describe('a property’s text', () => {
  it.each([
    ['plain', [{ code: false, text: 'plain' }]],
    [
      '`ls` is gone',
      [
        { code: true, text: 'ls' },
        { code: false, text: ' is gone' },
      ],
    ],
  ])('%s', (text, parts) => {
    expect(inlineParts(text)).toEqual(parts);
  });
});

describe('an answer', () => {
  it.each([
    ['<p>One. Two. Three.</p>', 'One.', 'Two. Three.'],
    ['That it is old. — It would say so.', 'That it is old.', 'It would say so.'],
    [
      'On <code>python:3.9-slim</code>. Not <em>now. Later</em>.',
      'On <code>python:3.9-slim</code>.',
      'Not <em>now. Later</em>.',
    ],
    ['<em>A. B</em> and C. D.', '<em>A. B</em> and C.', 'D.'],
    ['Is it “this?” No.', 'Is it “this?”', 'No.'],
    ['Only one sentence.', 'Only one sentence.', ''],
  ])('%s', (html, choice, reason) => {
    expect(splitAnswer(html)).toEqual({ choice, reason });
  });
});
