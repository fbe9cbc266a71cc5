import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  chunked,
  closeLayoutServers,
  digestOf,
  type Handler,
  type LayoutServer,
  ranged,
  serveLayout,
  sha256,
  whole,
} from '../../testing/layout-server.ts';
import { collect, utf8 } from '../bytes.ts';
import { portablePlatform } from '../portable.ts';
import { describeBlobReader } from './contract.ts';
import { httpBlobs } from './http-layout.ts';
import type { Blob, BlobReader } from './port.ts';

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });

afterEach(closeLayoutServers);

const readerOf = (site: LayoutServer): BlobReader =>
  httpBlobs({ baseUrl: site.baseUrl, fetch: globalThis.fetch, platform });

describe.each([
  ['with ranges', ranged],
  ['without ranges', whole],
  ['that tells no size', chunked],
])('blobs on a server %s', (name, handler) => {
  describeBlobReader(`a layout on a server ${name}`, async (blobs) =>
    readerOf(await serveLayout(blobs, handler)),
  );
});

const small = utf8('a small blob');
const middling = new Uint8Array(randomBytes(300_000));
const large = new Uint8Array(randomBytes(3_000_000));

describe('requests', () => {
  it('are one for a small blob, however it is read, and none when it is opened again', async () => {
    const site = await serveLayout([small]);
    const reader = readerOf(site);
    const blob = await opened(reader, small);
    await blob.read(2, 3);
    await collect(blob.stream());
    await (await opened(reader, small)).read(0, 5);
    expect(site.requests).toEqual(['bytes=0-16383']);
  });

  it('are two for a middling one, which is then checked as a whole', async () => {
    const site = await serveLayout([middling]);
    const blob = await opened(readerOf(site), middling);
    expect(await blob.read(200_000, 9)).toEqual(middling.slice(200_000, 200_009));
    expect(site.requests).toEqual(['bytes=0-16383', 'bytes=16384-299999']);
  });

  it('of a large one fetch blocks around what is wanted, once, neighbours together', async () => {
    const site = await serveLayout([large]);
    const blob = await opened(readerOf(site), large);
    site.requests.length = 0;
    const wanted = [2_999_990, 70_000, 0, 131_000, 70_100, 1_500_000];
    const parts = await Promise.all(wanted.map((offset) => blob.read(offset, 100)));
    expect(parts).toEqual(wanted.map((offset) => large.slice(offset, offset + 100)));
    expect(site.requests.sort()).toEqual([
      'bytes=0-196607',
      'bytes=1441792-1507327',
      'bytes=2949120-2999999',
    ]);
    site.requests.length = 0;
    for (const offset of wanted) await blob.read(offset, 100);
    expect(site.requests).toEqual([]);
    await collect(blob.stream());
    expect(site.requests).toEqual(['all']);
  });

  it('of a large one are none when it is opened again', async () => {
    const site = await serveLayout([large]);
    const reader = readerOf(site);
    await (await opened(reader, large)).read(70_000, 100);
    expect(site.requests).toEqual(['bytes=0-16383', 'bytes=65536-131071']);
    expect(await (await opened(reader, large)).read(70_100, 5)).toEqual(
      large.slice(70_100, 70_105),
    );
    expect(site.requests.length).toBe(2);
  });
});

describe('a large blob of which a part came damaged', () => {
  it('is fetched anew once that was found, and whatever keeps answers is told', async () => {
    const site = await serveLayout([large]);
    const forgotten: string[] = [];
    const blob = await opened(
      httpBlobs({
        ...{ baseUrl: site.baseUrl, fetch: globalThis.fetch, platform },
        forget: (url) => forgotten.push(url),
      }),
      large,
    );
    site.handler = (file, request, response) => {
      ranged(
        file.map((byte) => byte ^ 1),
        request,
        response,
      );
    };
    const right = large.slice(70_000, 70_100);
    expect(await blob.read(70_000, 100)).not.toEqual(right);
    site.handler = ranged;
    expect(await blob.read(70_000, 100)).not.toEqual(right);
    blob.forget?.();
    expect(await blob.read(70_000, 100)).toEqual(right);
    expect(forgotten).toEqual([`${site.baseUrl}/blobs/sha256/${sha256(large)}`]);
  });

  it('tells it, too, of what it finds by itself', async () => {
    const site = await serveLayout([small], (file, request, response) => {
      ranged(file.subarray(1), request, response);
    });
    const forgotten: string[] = [];
    const reader = httpBlobs({
      ...{ baseUrl: site.baseUrl, fetch: globalThis.fetch, platform },
      forget: (url) => forgotten.push(url),
    });
    await expect(opened(reader, small)).rejects.toMatchObject({ code: 'blob-corrupt' });
    expect(forgotten).toHaveLength(1);
  });
});

describe('a server that goes wrong', () => {
  const handlers: Readonly<Record<string, Handler>> = {
    'other bytes': (file, request, response) => {
      ranged(
        file.map((byte) => byte ^ 1),
        request,
        response,
      );
    },
    'too few bytes': (file, request, response) => {
      ranged(file.subarray(0, -1), request, response);
    },
    'too many bytes': (file, request, response) => {
      ranged(new Uint8Array(file.length + 5), request, response);
    },
    'another range': (file, _, response) => {
      response
        .writeHead(206, { 'content-range': `bytes 5-9/${file.length}`, 'content-length': 5 })
        .end('12345');
    },
    'half an answer': (file, _, response) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length >> 1), () => response.destroy());
    },
    'no answer': (_, request) => {
      request.socket.destroy();
    },
    '503': (_, __, response) => response.writeHead(503).end(),
    '403': (_, __, response) => response.writeHead(403).end(),
    '404': (_, __, response) => response.writeHead(404).end(),
  };

  describe.each([
    ['small', small],
    ['middling', middling],
    ['large', large],
  ])('with a %s blob', (_, bytes) => {
    it.each([
      ['other bytes', 'blob-corrupt'],
      ['too few bytes', 'blob-corrupt'],
      ['too many bytes', 'blob-corrupt'],
      ['half an answer', 'source-unreachable'],
      ['no answer', 'source-unreachable'],
      ['503', 'source-unreachable'],
      ['403', 'source-refused'],
    ])('from the start: %s', async (handler, code) => {
      const site = await serveLayout([bytes], handlers[handler]);
      const reader = readerOf(site);
      await expect(streamed(reader, bytes)).rejects.toMatchObject({ code });
      // And is right again, once it is.
      site.handler = ranged;
      expect(sha256(await streamed(reader, bytes))).toBe(sha256(bytes));
    });

    it('from the start: 404 means that it does not have it', async () => {
      const site = await serveLayout([bytes], handlers['404']);
      expect(await readerOf(site).open(digestOf(bytes))).toBeUndefined();
    });
  });

  it.each([
    ['another range', 'blob-corrupt', 'another range'],
    ['too many bytes', 'blob-corrupt', 'another range'],
    ['half an answer', 'blob-corrupt', 'another range'],
    ['no answer', 'source-unreachable', 'no answer'],
    ['503', 'source-unreachable', 'status 503'],
    ['403', 'source-refused', 'status 403'],
    ['404', 'blob-missing', 'not found'],
  ])('between two reads of a large blob: %s', async (handler, code, message) => {
    const site = await serveLayout([large]);
    const blob = await opened(readerOf(site), large);
    await blob.read(0, 10);
    site.handler = handlers[handler] ?? ranged;
    await expect(blob.read(2_000_000, 10)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as unknown,
    });
    site.handler = ranged;
    expect(await blob.read(2_000_000, 10)).toEqual(large.slice(2_000_000, 2_000_010));
  });

  it('as a whole: nobody listens', async () => {
    const site = await serveLayout([small]);
    site.server.close();
    site.server.closeAllConnections();
    await expect(readerOf(site).open(digestOf(small))).rejects.toMatchObject({
      code: 'source-unreachable',
      hint: expect.stringContaining('run the command again') as unknown,
    });
  });

  it('tells when a stream that must not be trusted ends, not before', async () => {
    const site = await serveLayout([large]);
    const blob = await opened(readerOf(site), large);
    site.handler = handlers['other bytes'] ?? ranged;
    let length = 0;
    const reading = (async () => {
      for await (const chunk of blob.stream()) length += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'blob-corrupt' });
    expect(length).toBe(large.length);
  });
});

async function opened(reader: BlobReader, bytes: Uint8Array): Promise<Blob> {
  const blob = await reader.open(digestOf(bytes));
  if (!blob) throw new Error('the blob is not there');
  return blob;
}

async function streamed(reader: BlobReader, bytes: Uint8Array): Promise<Uint8Array> {
  return collect((await opened(reader, bytes)).stream());
}
