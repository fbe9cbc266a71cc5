import { describe, expect, it } from 'vitest';
import { checks } from '../engine/dockerfile/checks.ts';
import { diagnose } from './diagnose.ts';
import { explain } from './explain.ts';
import { CHECKS_IN_PORTUGUESE, MISTAKES_IN_PORTUGUESE } from './explain-pt.ts';

/** A Dockerfile for each mistake that can be made by typing. */
const MISTAKES: Readonly<Record<string, string>> = {
  'unknown-instruction': 'FROM scratch\nCOPPY a b',
  'no-stage': 'RUN a',
  'unknown-flag': 'FROM scratch\nCOPY --frm=a b c',
  'duplicate-flag': 'FROM scratch\nCOPY --from=a --from=b c d',
  'flag-value': 'FROM scratch\nCOPY --from b c',
  'missing-argument': 'FROM scratch\nCOPY a',
  'missing-equals': 'FROM scratch\nENV a=1 b',
  'from-arguments': 'FROM a b',
  'invalid-stage-name': 'FROM scratch AS 1a',
  'json-strings': 'FROM scratch\nVOLUME [1]',
  'shell-form': 'FROM scratch\nSHELL sh',
  'unterminated-heredoc': 'FROM scratch\nRUN <<EOF\na',
  'circular-stages': 'FROM scratch AS a\nCOPY --from=a /x /x',
  'invalid-stage-index': 'FROM scratch\nCOPY --from=7 /x /x',
  'onbuild-trigger': 'FROM scratch\nONBUILD FROM a',
};

describe('explanations', () => {
  it.each(checks.map(({ name, bad }) => [name, bad]))(
    '%s has one in both languages',
    (code, bad) => {
      const diagnostic = {
        severity: 'warning' as const,
        ...{ code, message: 'm', hint: 'h' },
        range: { start: { line: 0, column: 0 }, end: { line: 0, column: 0 } },
      } as const;
      expect(CHECKS_IN_PORTUGUESE).toHaveProperty([code]);
      const english = explain(diagnostic, 'en');
      const portuguese = explain(diagnostic, 'pt-BR');
      expect(bad).not.toBe('');
      for (const part of ['what', 'why', 'advice'] as const) {
        expect(english[part]?.length, part).toBeGreaterThan(10);
        expect(portuguese[part]?.length, part).toBeGreaterThan(10);
        expect(portuguese[part]).not.toBe(english[part]);
      }
      expect(english.why).not.toMatch(/^#/);
      expect(portuguese.url).toMatch(/^https:\/\/docs\.docker\.com\//);
    },
  );

  it.each(Object.entries(MISTAKES))('%s says what to do in both languages', (code, text) => {
    const diagnostic = diagnose(text).find((one) => one.code === code);
    if (!diagnostic)
      throw new Error(
        `nothing found: ${diagnose(text)
          .map((one) => one.code)
          .join()}`,
      );
    expect(explain(diagnostic, 'pt-BR').advice).toBe(MISTAKES_IN_PORTUGUESE[code]);
    expect(explain(diagnostic, 'en').advice).toBe(diagnostic.hint);
  });
});
