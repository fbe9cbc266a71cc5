import { describe, expect, it } from 'vitest';
import { collect, utf8 } from '../engine/bytes.ts';
import { get } from '../engine/store/http-request.ts';
import { forgetKept, keptFetch, type KeptResponses } from './kept-fetch.ts';

const BLOB = `https://example.org/pantry/blobs/sha256/${'a1'.repeat(32)}`;
const CONTENT = utf8('0123456789');

/** A server that counts what it is asked, and a cache as a browser has it: no 206 goes in. */
function site({ full = false } = {}) {
  const asked: string[] = [];
  const responses = new Map<string, Response>();
  const kept: KeptResponses = {
    match: async (key) => responses.get(key)?.clone(),
    async put(key, response) {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      if (response.status === 206) throw new TypeError('partial');
      responses.set(key, response);
    },
    keys: async () => Array.from(responses.keys(), (url) => ({ url })),
    delete: async (key) => responses.delete(key),
  };
  const fetch = async (url: string, init: { headers: Record<string, string> }) => {
    const range = /bytes=(\d+)-(\d+)/.exec(init.headers['Range'] ?? '');
    asked.push(`${url.slice(url.lastIndexOf('/') + 1, url.length)} ${range?.[0] ?? 'all'}`);
    if (url.endsWith('missing')) return new Response('', { status: 404 });
    if (!range) return new Response(CONTENT.slice());
    const [start, end] = [Number(range[1]), Number(range[2]) + 1];
    const headers = { 'Content-Range': `bytes ${start}-${end - 1}/${CONTENT.length}` };
    return new Response(CONTENT.slice(start, end), { status: 206, headers });
  };
  return { asked, fetch, kept };
}

const text = async (answer: Awaited<ReturnType<typeof get>>) =>
  answer && new TextDecoder().decode(await collect(answer.body));

describe('a fetch that keeps what never changes', () => {
  it('asks once for each range of a blob, and for all of it', async () => {
    const { asked, fetch, kept } = site();
    for (let time = 0; time < 2; time++) {
      const keeping = keptFetch(fetch, kept);
      const part = await get(keeping, BLOB, { start: 2, end: 5 });
      expect([part?.partial, part?.start, part?.total]).toEqual([true, 2, 10]);
      expect(await text(part)).toBe('234');
      expect(await text(await get(keeping, BLOB, { start: 5, end: 6 }))).toBe('5');
      expect(await text(await get(keeping, BLOB))).toBe('0123456789');
    }
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['a document that changes', 'https://example.org/pantry/index.json', true],
    ['a snapshot', `https://example.org/machine/${'0f'.repeat(16)}.state.zst`, false],
  ])('%s', async (_, url, again) => {
    const { asked, fetch, kept } = site();
    const keeping = keptFetch(fetch, kept);
    for (let time = 0; time < 2; time++)
      expect(await text(await get(keeping, url))).toBe('0123456789');
    expect(asked).toHaveLength(again ? 2 : 1);
  });

  it('gives the last document when there is no answer', async () => {
    const { fetch, kept } = site();
    const url = 'https://example.org/pantry/index.json';
    await get(keptFetch(fetch, kept), url);
    const offline = keptFetch(() => Promise.reject(new TypeError('offline')), kept);
    expect(await text(await get(offline, url))).toBe('0123456789');
    await expect(get(offline, 'https://example.org/other.json')).rejects.toMatchObject({
      code: 'source-unreachable',
    });
  });

  it.each([
    ['there is no space', true],
    ['the page has no cache', false],
  ])('asks again when %s', async (_, full) => {
    const { asked, fetch, kept } = site({ full });
    const keeping = keptFetch(fetch, full ? kept : undefined);
    for (let time = 0; time < 2; time++)
      expect(await text(await get(keeping, BLOB))).toBe('0123456789');
    expect(asked).toHaveLength(2);
  });

  it('forgets every range of what came damaged, and of nothing else', async () => {
    const { asked, fetch, kept } = site();
    const keeping = keptFetch(fetch, kept);
    const other = BLOB.replace('a1', 'b2');
    const askAll = async () => {
      for (const url of [BLOB, other]) {
        await get(keeping, url, { start: 2, end: 5 });
        await get(keeping, url);
      }
    };
    await askAll();
    asked.length = 0;
    await forgetKept(kept, BLOB);
    await askAll();
    const name = 'a1'.repeat(32);
    expect(asked).toEqual([`${name} bytes=2-4`, `${name} all`]);
  });

  it('keeps no failure', async () => {
    const { asked, fetch, kept } = site();
    const keeping = keptFetch(fetch, kept);
    const missing = 'https://example.org/missing';
    for (let time = 0; time < 2; time++) expect(await get(keeping, missing)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});
