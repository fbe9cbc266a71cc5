import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { DIST, filesOf, isBuilt, NO_DIST } from './dist.ts';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // How a build writes it, not what it means.
    'void-style': 'off',
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-inline-style': 'error',
    // Search engines cut long titles, readers do not mind.
    'long-title': 'off',
    // A region that scrolls is one by its role and label, whatever it wraps.
    'prefer-native-element': 'off',
    // Figures have units and dashes between them.
    'tel-non-breaking': 'off',
  },
});

const pages = isBuilt() ? await filesOf('.html') : [];

describe.skipIf(!isBuilt())(`the pages are valid HTML (${NO_DIST})`, () => {
  it.each(pages)('%s', async (page) => {
    const report = await validator.validateString(await readFile(join(DIST, page), 'utf8'), page);
    const faults = report.results
      .flatMap(({ messages }) => messages)
      .map(({ ruleId, message, line, column, selector }) =>
        [`${String(line)}:${String(column)}`, ruleId, message, selector ?? ''].join(' '),
      );
    expect(faults).toEqual([]);
  });
});
