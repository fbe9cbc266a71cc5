import { describe, expect, it } from 'vitest';
import { harmless } from './harmless.ts';

describe('what a program printed', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'ared'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;https://x\u001b\\link', 'link'],
    ['one\r\ntwo', 'one\ntwo'],
    ['a\tb', 'a    b'],
    ['bell\u0007 and \u202etxt', 'bell\ufffd and \ufffdtxt'],
  ])('%j is %j', (text, shown) => {
    expect(harmless(text)).toBe(shown);
  });
});
