import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOf, DIST, filesOf, isBuilt, NO_DIST } from './dist.ts';
import { type Element, elementsOf } from './elements.ts';

interface Page {
  readonly file: string;
  readonly elements: readonly Element[];
  readonly ids: ReadonlySet<string>;
}

const pages: readonly Page[] = isBuilt()
  ? await Promise.all(
      (await filesOf('.html')).map(async (file) => {
        const elements = elementsOf(await readFile(join(DIST, file), 'utf8'));
        const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
        return { file, elements, ids: new Set(ids) };
      }),
    )
  : [];
const byAddress = new Map(pages.map((page) => [addressOf(page.file), page]));
/** The machine and the images are served beside the site, from where the set-up made them. */
const BESIDE = /^\/(?:machine|pantry|pagefind)\//;

/** Why an address that a page names leads nowhere; undefined when it does not. */
function broken(address: string, from: string): string | undefined {
  if (/^(?:https?|mailto|data|blob):/.test(address)) return undefined;
  const { pathname, hash } = new URL(address, `http://localhost${from}`);
  const path = decodeURIComponent(pathname);
  if (BESIDE.test(path)) return undefined;
  const page = byAddress.get(path);
  if (page === undefined) {
    return existsSync(join(DIST, path)) && !path.endsWith('/') ? undefined : `${address}: no file`;
  }
  const id = decodeURIComponent(hash.slice(1));
  return id === '' || page.ids.has(id) ? undefined : `${address}: no such place`;
}

const attribute = (page: Page, name: string, key: string, value: string, of: string) =>
  page.elements
    .filter((one) => one.name === name && one.attributes.get(key) === value)
    .map(({ attributes }) => attributes.get(of) ?? '');

describe.skipIf(!isBuilt())(`the built pages (${NO_DIST})`, () => {
  describe.each(pages.map((page) => [page.file, page] as const))('%s', (file, page) => {
    it('has no link that leads nowhere', () => {
      const addresses = page.elements.flatMap(({ name, attributes }) =>
        ['href', 'src', 'poster'].flatMap((key) =>
          // Those that must be absolute are looked at below.
          name === 'link' && /canonical|alternate/.test(attributes.get('rel') ?? '')
            ? []
            : (attributes.get(key) ?? []),
        ),
      );
      const faults = addresses.flatMap((one) => broken(one, addressOf(file)) ?? []);
      expect([...new Set(faults)]).toEqual([]);
    });

    it('loads nothing from elsewhere and has nothing inline', () => {
      const faults = page.elements.flatMap(({ name, attributes }) => {
        const source = attributes.get('src') ?? '';
        const loads = name === 'link' && !/canonical|alternate/.test(attributes.get('rel') ?? '');
        const address = loads ? (attributes.get('href') ?? '') : source;
        const type = attributes.get('type') ?? '';
        return [
          ...(/^(?:https?:)?\/\//.test(address) ? [`<${name}> loads ${address}`] : []),
          ...(name === 'script' && source === '' && !type.endsWith('json')
            ? ['an inline script']
            : []),
          ...(name === 'style' ? ['an inline style sheet'] : []),
          ...(attributes.has('style')
            ? [`<${name} style="${attributes.get('style') ?? ''}">`]
            : []),
          ...[...attributes.keys()].filter((key) => key.startsWith('on')),
        ];
      });
      expect(faults).toEqual([]);
    });

    it('says what it is: language, title, one heading, description', () => {
      expect(page.elements.find(({ name }) => name === 'html')?.attributes.get('lang')).toBe(
        file.startsWith('en/') ? 'en' : 'pt-BR',
      );
      expect(page.elements.filter(({ name }) => name === 'title')).toHaveLength(1);
      expect(page.elements.filter(({ name }) => name === 'h1')).toHaveLength(1);
      const [description = ''] = attribute(page, 'meta', 'name', 'description', 'content');
      expect(description.length).toBeGreaterThan(20);
      expect(description.length).toBeLessThan(161);
    });

    // The page of an address that is none has no address, and so no translation.
    if (file === '404.html') return;
    it('names its translation, itself and a picture that exist', () => {
      const [canonical = ''] = attribute(page, 'link', 'rel', 'canonical', 'href');
      expect(new URL(canonical).pathname).toBe(addressOf(file));
      const alternates = page.elements.filter(
        ({ name, attributes }) =>
          name === 'link' && attributes.get('rel') === 'alternate' && attributes.has('hreflang'),
      );
      expect(alternates.map(({ attributes }) => attributes.get('hreflang'))).toEqual([
        ...['pt-BR', 'en', 'x-default'],
      ]);
      for (const { attributes } of alternates) {
        expect(byAddress.has(new URL(attributes.get('href') ?? '').pathname)).toBe(true);
      }
      const [picture = ''] = attribute(page, 'meta', 'property', 'og:image', 'content');
      expect(existsSync(join(DIST, new URL(picture).pathname)), picture).toBe(true);
    });
  });

  it('are all in the sitemap', async () => {
    const text = await readFile(join(DIST, 'sitemap.xml'), 'utf8');
    const listed = [...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(
      ([, url = '']) => new URL(url).pathname,
    );
    const there = pages.map(({ file }) => addressOf(file)).filter((path) => path !== '/404.html');
    expect(listed.toSorted()).toEqual(there.toSorted());
  });
});
