import { type Browser, chromium } from 'playwright-core';
import { FLAGS } from '../../e2e/chromium.ts';
import { addressOf, filesOf } from '../site-tests/dist.ts';
import { total, weigh } from '../site-tests/weigh.ts';
import type { Goal, Measurement } from './row.ts';
import type { SiteServer } from '../setup/site/server.ts';

const RUNS = 5;
/** A page of the same server with nothing to fetch beside it. */
const PLAIN = '/robots.txt';

const atMost = (limit: number): Goal => ({ of: 'value', is: '<=', limit });

/** A lesson's page in each language, by the lesson's slug. */
export function lessonsAmong(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const lessons = new Map<string, string[]>();
  for (const file of files) {
    const slug = /^(?:licoes|en\/lessons)\/([^/]+)\/index\.html$/.exec(file)?.[1];
    if (slug !== undefined) lessons.set(slug, [...(lessons.get(slug) ?? []), file]);
  }
  return lessons;
}

/** All that a lesson loads by itself, compressed, in its heavier language. */
export async function* pageWeights(): AsyncGenerator<Measurement> {
  for (const [slug, files] of lessonsAmong(await filesOf('.html'))) {
    const weights = await Promise.all(files.map(async (file) => total((await weigh(file)).files)));
    yield {
      ...{ id: `site.weight-${slug}`, name: `${slug}: page weight`, unit: 'B' },
      ...{ runs: [Math.max(...weights)], goal: atMost(120_000) },
    };
  }
}

/**
 * From the address to text that can be read, with nothing in the browser's cache. A plain text on
 * the same server to compare with.
 */
export async function* pageTimes(
  program: string,
  { origin }: SiteServer,
): AsyncGenerator<Measurement> {
  const browser = await chromium.launch({ executablePath: program, args: FLAGS });
  try {
    // What the browser does only once is no page's.
    await readable(browser, origin + PLAIN);
    for (const [slug, files] of lessonsAmong(await filesOf('.html'))) {
      const address = origin + addressOf(files.find((file) => file.startsWith('licoes/')) ?? '');
      const [runs, reference]: [number[], number[]] = [[], []];
      for (let run = 0; run < RUNS; run++) {
        runs.push(await readable(browser, address));
        reference.push(await readable(browser, origin + PLAIN));
      }
      yield {
        ...{ id: `site.text-${slug}`, name: `${slug}: to readable text`, unit: 'ms' },
        ...{ runs, reference, goal: atMost(500) },
      };
    }
  } finally {
    await browser.close();
  }
}

/** When the first text or picture was painted, in ms; text in a font that is still awaited is none. */
const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === 'first-contentful-paint') resolve(startTime);
    }
  }).observe({ type: 'paint', buffered: true });
})`;

async function readable(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(address);
    return await page.evaluate<number>(PAINTED);
  } finally {
    await context.close();
  }
}
