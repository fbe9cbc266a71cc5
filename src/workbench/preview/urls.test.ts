import { describe, expect, it } from 'vitest';
import { previewUrls } from './urls.ts';

describe('where previews are', () => {
  it('is below the site’s base, their scripts at its root', () => {
    expect(previewUrls('https://example.org/oficina/preview/')).toEqual({
      place: { origin: 'https://example.org', folder: '/oficina/preview/' },
      worker: 'https://example.org/oficina/preview-worker.js',
      pageScript: 'https://example.org/oficina/preview-page.js',
    });
  });
});
