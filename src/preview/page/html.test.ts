import { describe, expect, it } from 'vitest';
import { attributeOf, htmlOf, htmlParts, type Tag, withAttributes } from './html.ts';

const tags = (html: string): readonly Tag[] =>
  htmlParts(html).filter((part): part is Tag => part.kind === 'tag');
const shown = (html: string): readonly string[] =>
  tags(html).map(({ name, attributes }) =>
    [name, ...attributes.map(([key, value]) => `${key}=${value}`)].join(' '),
  );

describe('the tags of a page', () => {
  it('are found with their attributes, however they are written', () => {
    expect(
      shown(
        `<!doctype html><HTML lang=pt><img src='a b.png' ALT="x>y" hidden><br/><a href=/x/>t</a>`,
      ),
    ).toEqual(['html lang=pt', 'img src=a b.png alt=x>y hidden=', 'br', 'a href=/x/']);
  });

  it('have their characters read', () => {
    expect(shown('<a href="?a=1&amp;b=&#50;&#x33;&quot;&copy">')).toEqual([
      'a href=?a=1&b=23"&copy',
    ]);
  });

  it('are not in comments, scripts, titles and the like', () => {
    const html =
      '<!-- <img> --><title><b></title><script>"<i>"</script><textarea><u></textarea><p>' +
      '<style>a::after{content:"<q>"}</style><noscript><img></noscript>1 < 2 <3>';
    expect(shown(html)).toEqual(['title', 'script', 'textarea', 'p', 'style', 'noscript']);
  });

  it('count the first of two attributes, and none of an end tag', () => {
    expect(shown('<p id=a id=b></p id=c>')).toEqual(['p id=a']);
  });

  it.each([
    '<!doctype html><p>text<br>',
    '<p title="no end',
    '<p no-end',
    '<!-- no end',
    '<script>no end',
    'a < b > c & d',
    '<',
    '',
    '<p =x = y>',
  ])('joined again are the page as it was: %j', (html) => {
    expect(htmlOf(htmlParts(html))).toBe(html);
  });

  it('are written anew with other attributes', () => {
    const [tag] = tags('<script defer src=a.js integrity=x>');
    expect(tag && withAttributes(tag, { src: 'b"&.js', integrity: undefined }).raw).toBe(
      '<script defer="" src="b&#34;&#38;.js">',
    );
    expect(tag && attributeOf(tag, 'src')).toBe('a.js');
  });

  it.each(['<a x="', "<a '", '<!--', '<style>', '<a <a ', '<![', '<a = ', '<p x=\n'])(
    'take no longer than the page is long: %j without end',
    (piece) => {
      const html = piece.repeat(20_000);
      const began = performance.now();
      expect(htmlOf(htmlParts(html))).toBe(html);
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});
