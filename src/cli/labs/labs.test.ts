import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from 'prettier';
import { describe, expect, it } from 'vitest';
import { halfOf, repositoryLabs } from '../../testing/lab-proof.ts';
import { LABS } from './find.ts';
import { lintLab, pantryNames } from './proof-lint.ts';

describe('the labs of this repository', async () => {
  const names = await pantryNames();
  const labs = await repositoryLabs();

  it.each(labs)('$slug is whole', ({ lab, error }) => {
    if (lab === undefined) throw error;
    expect(lintLab(lab, (name) => names.has(name))).toEqual([]);
  });

  it.each(labs)('$slug has a lab.yaml that editors understand', async ({ slug }) => {
    const text = await readFile(join(LABS, slug, 'lab.yaml'), 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../lab.schema.json');
    expect(await check(text, { parser: 'yaml', singleQuote: true, printWidth: 100 })).toBe(true);
  });

  it('are each in one half of a proof, one without a known time, too', () => {
    const all = [...labs, { slug: 'new' }];
    const halves = [...halfOf(all, 0), ...halfOf(all, 1)].map(({ slug }) => slug);
    expect(halves.toSorted()).toEqual(all.map(({ slug }) => slug).toSorted());
  });
});
