import { describe, expect, it } from 'vitest';
import { filesOf, isBuilt, NO_DIST } from './dist.ts';
import { total, weigh } from './weigh.ts';
import { workbenchCode } from './workbench-code.ts';

const JAVASCRIPT = 30_000;
const ALL = 120_000;
const WORKBENCH = 450_000;
/** With what is fetched while one reads and types; the reader of Compose's YAML is 35 kB of it. */
const WHOLE_WORKBENCH = 790_000;

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

const labs = pages.filter((page) => /^labs\/./.test(page));

/**
 * What counts is what a start waits for: the page's part of the workbench with terminal and editor,
 * the worker, the lab's own files, and all that these import. v86's WebAssembly does not. Nor what
 * is fetched behind the learner's back once there is a prompt (what answers `docker`, what checks,
 * the pictures of images) or for a reason (WebGL where there is a graphics card, colours of a
 * language, a search): that has a budget with everything together.
 */
describe.skipIf(!isBuilt())(`the JavaScript of the workbench, compressed (${NO_DIST})`, () => {
  it('is measured for every lab', () => {
    expect(labs.length).toBeGreaterThanOrEqual(10);
  });

  it.each(labs)('%s: at most 450 kB until there is a prompt, 790 kB ever', async (page) => {
    const { start, later } = await workbenchCode(page);
    const names = [...start.keys()].map((file) => /\w+/.exec(file.replace(/.*\//, ''))?.[0]);
    expect(names).toEqual(expect.arrayContaining(['ui', 'main', 'lab']));
    expect(total(start), JSON.stringify([...start])).toBeLessThanOrEqual(WORKBENCH);
    expect(later.size).toBeGreaterThan(10);
    expect(total(start) + total(later)).toBeLessThanOrEqual(WHOLE_WORKBENCH);
  });
});
