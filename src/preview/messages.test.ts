import { describe, expect, it } from 'vitest';
import { pageMessage } from './messages.ts';

const address = { port: 8080, target: '/x', hash: '' };
const ask = { address, method: 'POST', headers: [['A', 'b']], redirect: 'follow' };
const message = (more: object): unknown => ({ semdistro: 'preview', ...more });

describe('what a page tells the workbench', () => {
  it.each([
    { kind: 'here', address, failed: false },
    { kind: 'title', title: 'T' },
    { kind: 'hash', hash: '#a' },
    { kind: 'cookie', cookie: 'a=1' },
    { kind: 'outside', url: 'https://example.org/' },
    { kind: 'alive' },
    { kind: 'ask', ask: { ...ask, body: new Uint8Array(3) } },
  ])('$kind', (told) => {
    expect(pageMessage(message(told))).toEqual(told);
  });

  it.each([
    undefined,
    'semdistro',
    null,
    { kind: 'alive' },
    message({ kind: 'other' }),
    message({ kind: 'title', title: 1 }),
    message({ kind: 'title', title: 'x'.repeat(100_000) }),
    message({ kind: 'outside', url: 'javascript:alert(1)' }),
    ...[0, 70_000, 1.5, '80', undefined].map((port) =>
      message({ kind: 'here', address: { ...address, port } }),
    ),
    ...['x', '/a b', '/\r\nX: y', '', 1].map((target) =>
      message({ kind: 'here', address: { ...address, target } }),
    ),
    ...[
      { method: 'CONNECT' },
      { method: 'get' },
      { headers: [['A', 'b\r\nC: d']] },
      { headers: [['A b', 'c']] },
      { headers: 'A: b' },
      { headers: Array.from({ length: 1000 }, () => ['A', 'b']) },
      { body: 'text' },
      { address: undefined },
    ].map((wrong) => message({ kind: 'ask', ask: { ...ask, ...wrong } })),
  ])('is not what else may come: %j', (data) => {
    expect(pageMessage(data)).toBeUndefined();
  });
});
