import { describe, expect, it } from 'vitest';
import { cssOf, cssParts } from './css.ts';

const urls = (css: string): readonly string[] =>
  cssParts(css).flatMap((part) => (part.kind === 'text' ? [] : [`${part.kind} ${part.url}`]));

describe('the addresses in a style sheet', () => {
  it('are those of pictures, fonts and other style sheets', () => {
    expect(
      urls(`@import "a.css"; @import url(b.css) screen; @import url("c.css");
        body { background: url( 'x.png' ), URL(y.png) } @font-face { src: url("f.woff2") }`),
    ).toEqual([
      'import a.css',
      'import b.css',
      'import c.css',
      'url x.png',
      'url y.png',
      'url f.woff2',
    ]);
  });

  it('are not what comments and strings say', () => {
    expect(urls(`/* url(a) */ p::before { content: "url(b) \\" url(c)" } /* url(d)`)).toEqual([]);
  });

  it('have their escapes read', () => {
    expect(urls(String.raw`a { background: url("a\22 b\\c.png") }`)).toEqual(['url a"b\\c.png']);
  });

  it('are put back, and the rest stays as it was', () => {
    const css = 'a{color:red;background:url(x.png) no-repeat}@import "y.css" print;';
    const parts = cssParts(css).map((part) =>
      part.kind === 'text' ? part : { ...part, url: `data:,"${part.url}"` },
    );
    expect(cssOf(parts)).toBe(
      'a{color:red;background:url("data:,\\22 x.png\\22 ") no-repeat}@import url("data:,\\22 y.css\\22 ") print;',
    );
  });

  it.each(['url(', 'url("', '@import "', "'", '"\\', '/*', '@import url('])(
    'take no longer than the sheet is long: %j without end',
    (piece) => {
      const css = piece.repeat(20_000);
      const began = performance.now();
      expect(cssOf(cssParts(css)).length).toBeGreaterThan(0);
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});
