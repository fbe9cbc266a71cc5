import { describe, expect, it } from 'vitest';
import { sitemap } from './sitemap.ts';

describe('the sitemap', () => {
  const text = sitemap([{ name: 'home' }, { name: 'lesson', slug: 'history' }], {
    site: new URL('https://example.org/'),
    base: '/oficina',
  });

  it('has every page in every language, below the base', () => {
    expect([...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => url)).toEqual([
      'https://example.org/oficina/',
      'https://example.org/oficina/en/',
      'https://example.org/oficina/licoes/history/',
      'https://example.org/oficina/en/lessons/history/',
    ]);
  });

  it('says what each page’s translations are', () => {
    expect(text.match(/hreflang="en" href="[^"]*\/en\/lessons\/history\/"/g)).toHaveLength(2);
    expect(text.match(/hreflang="x-default"/g)).toHaveLength(4);
  });
});
