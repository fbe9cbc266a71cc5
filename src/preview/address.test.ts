import { describe, expect, it } from 'vitest';
import { addressOfPreview, meaningOf, previewPath, typedAddress } from './address.ts';

const place = { origin: 'https://example.org', folder: '/oficina/preview/' };
const list = { port: 8080, target: '/shop/list?page=2', hash: '' };

describe('an address of a preview', () => {
  it('is below the site’s base, and leads back', () => {
    const path = previewPath(place, { ...list, hash: '#top' });
    expect(path).toBe('/oficina/preview/8080/shop/list?page=2#top');
    expect(addressOfPreview(place, new URL(path, place.origin))).toEqual({ ...list, hash: '#top' });
  });

  it.each([
    ['https://example.org/oficina/preview/8080', { port: 8080, target: '/', hash: '' }],
    ['https://example.org/oficina/preview/', undefined],
    ['https://example.org/oficina/preview/0/', undefined],
    ['https://example.org/oficina/preview/70000/', undefined],
    ['https://example.org/oficina/preview/80a/', undefined],
    ['https://example.org/preview/8080/', undefined],
    ['https://example.com/oficina/preview/8080/', undefined],
  ])('%s', (url, address) => {
    expect(addressOfPreview(place, new URL(url))).toEqual(address);
  });
});

describe('a link on a page', () => {
  const guest = (port: number, target: string, hash = '') => ({
    kind: 'guest',
    address: { port, target, hash },
  });

  it.each([
    ['next', guest(8080, '/shop/next')],
    ['?page=3', guest(8080, '/shop/list?page=3')],
    ['#top', guest(8080, '/shop/list?page=2', '#top')],
    ['/', guest(8080, '/')],
    ['../../../x', guest(8080, '/x')],
    ['//localhost:9090/y', guest(9090, '/y')],
    ['http://localhost:9090/y#z', guest(9090, '/y', '#z')],
    ['http://127.0.0.1/y', guest(80, '/y')],
    ['http://0.0.0.0:5000', guest(5000, '/')],
    ['https://example.org/api', guest(8080, '/api')],
    ['https://example.org/oficina/preview/9090/api', guest(9090, '/api')],
    ['https://other.example/a', { kind: 'outside', url: 'https://other.example/a' }],
    ['//cdn.example/a.js', { kind: 'outside', url: 'http://cdn.example/a.js' }],
    ['data:,x', { kind: 'other' }],
    ['javascript:void 0', { kind: 'other' }],
    ['http://[', { kind: 'other' }],
  ])('%s', (link, meaning) => {
    expect(meaningOf(link, list, place)).toEqual(meaning);
  });
});

describe('what is typed into the address bar', () => {
  it.each([
    ['localhost:8080/x?y#z', { port: 8080, target: '/x?y', hash: '#z' }],
    ['http://localhost:8080', { port: 8080, target: '/', hash: '' }],
    [':8080/x', { port: 8080, target: '/x', hash: '' }],
    ['8080', { port: 8080, target: '/', hash: '' }],
    [' /list ', { port: 5000, target: '/list', hash: '' }],
    ['127.0.0.1:90', { port: 90, target: '/', hash: '' }],
    ['localhost', { port: 80, target: '/', hash: '' }],
    ['example.org', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ])('%s', (typed, address) => {
    expect(typedAddress(typed, 5000)).toEqual(address);
  });
});
