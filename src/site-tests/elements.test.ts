import { expect, it } from 'vitest';
import { elementsOf } from './elements.ts';

it('reads start tags with their attributes, quoted or not, and leaves comments out', () => {
  const html = `<!doctype html><p class="a > b" hidden data-x=1>x</p><!-- <a href="/no/"> --><br /><a
    href='/sim/?a=1&amp;b=&#34;2'>y</a>`;
  expect(
    elementsOf(html).map(({ name, attributes }) => [name, Object.fromEntries(attributes)]),
  ).toEqual([
    ['p', { class: 'a > b', hidden: '', 'data-x': '1' }],
    ['br', {}],
    ['a', { href: '/sim/?a=1&b="2' }],
  ]);
});
