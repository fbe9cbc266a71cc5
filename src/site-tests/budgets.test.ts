import { describe, expect, it } from 'vitest';
import { filesOf, isBuilt, NO_DIST } from './dist.ts';
import { total, weigh } from './weigh.ts';

const JAVASCRIPT = 30_000;
const ALL = 120_000;

const pages = isBuilt() ? await filesOf('.html') : [];
const lessons = pages.filter((page) => /^(?:licoes|en\/lessons)\/./.test(page) && !isList(page));

function isList(page: string): boolean {
  return page === 'licoes/index.html' || page === 'en/lessons/index.html';
}

describe.skipIf(!isBuilt())(
  `what a page weighs before the workbench, compressed (${NO_DIST})`,
  () => {
    it('is measured on every lesson in both languages', () => {
      expect(lessons.length).toBeGreaterThanOrEqual(20);
    });

    it.each(lessons)('%s: at most 30 kB of JavaScript, 120 kB in all', async (page) => {
      const { scripts, files } = await weigh(page);
      expect(total(scripts), JSON.stringify([...scripts])).toBeLessThanOrEqual(JAVASCRIPT);
      expect(total(files), JSON.stringify([...files])).toBeLessThanOrEqual(ALL);
    });
  },
);
