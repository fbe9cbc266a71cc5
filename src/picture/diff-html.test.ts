import { describe, expect, it } from 'vitest';
import type { ImageDiff } from '../engine/diff/model.ts';
import { parseDigest } from '../engine/oci/digest.ts';
import { diffImages, diffListings } from './diff.ts';
import { historyDiffHtml } from './diff-html.ts';
import type { Listing } from './listing.ts';

const listing = (over: Partial<Listing> = {}): Listing => ({
  name: 'a:1',
  rows: [{ createdBy: 'RUN x', size: 5, layer: true }],
  ...over,
});

describe('a diff of', () => {
  it('hostile words is text and nothing else', () => {
    const bad = '</script><img src=x onerror=alert(1)>"\'&';
    const rows = [{ createdBy: bad, size: 1, layer: true, comment: bad, created: bad }];
    const side = listing({ name: bad, source: bad, rows, title: bad });
    const html = historyDiffHtml(diffListings(side, listing()), { lang: 'en', id: 'd' });
    expect(html).not.toContain('<img');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
  });

  it('listings of different stores says that their sizes cannot be compared', () => {
    const other = listing({ store: 'containerd' });
    const html = historyDiffHtml(diffListings(listing(), other), { lang: 'pt-BR' });
    expect(html).toContain('não se comparam');
  });

  it('files that are known lists the heaviest, and the rest in one line', () => {
    const files = Array.from({ length: 20 }, (_, i) => ({ path: `/f${i}`, size: i * 1000 }));
    const rows = [{ createdBy: 'RUN x', size: 5, layer: true, files }];
    const html = historyDiffHtml(diffListings(listing(), listing({ rows })), { lang: 'en' });
    expect(html).toContain('/f19');
    expect(html).not.toContain('/f7<');
    expect(html).toContain('and 8 more files, 28\u202fkB');
  });

  it('names gives ids to rows that links can keep', () => {
    const html = historyDiffHtml(diffListings(listing(), listing({ name: 'Ação/b:2' })), {
      lang: 'en',
    });
    expect(html).toContain('id="diff-a-1-acao-b-2-1"');
  });
});

const side = {
  id: parseDigest(`sha256:${'0'.repeat(64)}`),
  platform: 'linux/386',
  shadowed: [],
} as const;
const live: ImageDiff = {
  from: { ...side, name: 'eu:1', size: 30, wasted: 3_000_000 },
  to: { ...side, name: 'eu:2', size: 10, wasted: 0 },
  identical: false,
  history: [
    {
      kind: 'same',
      from: { createdBy: 'base', comment: '', size: 10, layer: 0 },
      to: { createdBy: 'base', comment: '', size: 10, layer: 0 },
    },
    { kind: 'removed', from: { createdBy: 'RUN x', comment: 'c', size: 20, layer: 1, line: 3 } },
    { kind: 'added', to: { createdBy: 'ENV A=1', comment: '', size: 0 } },
  ],
  layers: [],
  files: { added: [], removed: [], changed: [] },
  config: [],
  packages: { added: [], removed: [], changed: [] },
};

describe('two live images', () => {
  it('are newest first, with layers, lines of the Dockerfile and what is hidden', () => {
    expect(diffImages(live)).toEqual({
      recorded: false,
      from: { name: 'eu:1', size: 30, rows: 2, layers: 2, hidden: 3_000_000 },
      to: { name: 'eu:2', size: 10, rows: 2, layers: 1, hidden: 0 },
      rows: [
        { kind: 'added', to: { createdBy: 'ENV A=1', size: 0, layer: false } },
        {
          kind: 'removed',
          from: { createdBy: 'RUN x', size: 20, layer: true, comment: 'c', index: 1, line: 3 },
        },
        {
          kind: 'same',
          from: { createdBy: 'base', size: 10, layer: true, index: 0 },
          to: { createdBy: 'base', size: 10, layer: true, index: 0 },
        },
      ],
    });
  });

  it('have a place for the files of every layer that they do not share', () => {
    const html = historyDiffHtml(diffImages(live), { lang: 'pt-BR' });
    expect(html).toContain('data-side="from" data-layer="1"');
    expect(html).toContain('3\u202fMB escondidos por camadas de cima');
    expect(html).toContain('linha 3 do Dockerfile');
  });
});
