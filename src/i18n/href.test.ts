import { describe, expect, it } from 'vitest';
import { href, pageAt, pathOf, withBase } from './href.ts';

describe('the address of', () => {
  it.each([
    ['home', 'pt-BR', { name: 'home' }, '/'],
    ['home', 'en', { name: 'home' }, '/en/'],
    ['the lessons', 'pt-BR', { name: 'lessons' }, '/licoes/'],
    ['the lessons', 'en', { name: 'lessons' }, '/en/lessons/'],
    ['a lesson', 'pt-BR', { name: 'lesson', slug: 'history' }, '/licoes/history/'],
    ['a lesson', 'en', { name: 'lesson', slug: 'history' }, '/en/lessons/history/'],
    ['a lab', 'pt-BR', { name: 'lab', slug: 'go-static' }, '/labs/go-static/'],
    ['a lab', 'en', { name: 'lab', slug: 'go-static' }, '/en/labs/go-static/'],
    ['the playground', 'pt-BR', { name: 'playground' }, '/livre/'],
    ['one’s own machine', 'en', { name: 'machine' }, '/en/your-machine/'],
  ] as const)('%s in %s', (_, lang, page, path) => {
    expect(pathOf(lang, page)).toBe(path);
    expect(pageAt(path, { lesson: ['history'], lab: ['go-static'] })).toEqual({ lang, page });
  });

  it('a place on a page', () => {
    expect(pathOf('pt-BR', { name: 'glossary' }, 'camada')).toBe('/glossario/#camada');
    expect(pathOf('pt-BR', { name: 'home' }, 'porque')).toBe('/#porque');
  });

  it('nothing there is', () => {
    expect(pageAt('/nada/', { lesson: [], lab: [] })).toBeUndefined();
    expect(pageAt('/labs/go-static/', { lesson: [], lab: [] })).toBeUndefined();
  });

  it.each([
    ['/', '/licoes/'],
    ['/oficina', '/oficina/licoes/'],
    ['/oficina/', '/oficina/licoes/'],
  ])('a page below %s', (base, expected) => {
    expect(withBase('/licoes/', base)).toBe(expected);
  });

  it('a page, for a link, is below the base of the site', () => {
    expect(href('en', { name: 'lessons' })).toBe('/en/lessons/');
  });
});
