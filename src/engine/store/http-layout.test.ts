import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { collect, utf8 } from '../bytes.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { MEDIA } from '../oci/media-types.ts';
import { parseReference } from '../oci/reference.ts';
import { portablePlatform } from '../portable.ts';
import { describeBlobReader } from './contract.ts';
import { httpBlobs, httpLayoutSource } from './http-layout.ts';
import type { Blob, BlobReader } from './port.ts';

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });

type Handler = (file: Uint8Array, request: IncomingMessage, response: ServerResponse) => void;

interface Site {
  readonly baseUrl: string;
  /** `GET /path range`, in order. */
  readonly requests: string[];
  readonly files: Map<string, Uint8Array>;
  handler: Handler;
  readonly server: Server;
}

const sites: Server[] = [];
afterEach(() => {
  for (const server of sites.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(blobs: readonly Uint8Array[], handler: Handler = ranged): Promise<Site> {
  const files = new Map(blobs.map((bytes) => [`/l/blobs/sha256/${sha256(bytes)}`, bytes]));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers.range ?? 'all');
    const file = files.get(request.url ?? '');
    if (file) site.handler(file, request, response);
    else response.writeHead(404).end('not here');
  });
  sites.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const baseUrl = `http://127.0.0.1:${address.port}/l`;
  const site: Site = { baseUrl, requests, files, handler, server };
  return site;
}

const ranged: Handler = (file, request, response) => {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (!match) {
    whole(file, request, response);
    return;
  }
  const start = Number(match[1]);
  const end = Math.min(Number(match[2]) + 1, file.length);
  if (start >= file.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  response
    .writeHead(206, {
      'content-range': `bytes ${start}-${end - 1}/${file.length}`,
      'content-length': end - start,
    })
    .end(file.subarray(start, end));
};
const whole: Handler = (file, _, response) => {
  response.writeHead(200, { 'content-length': file.length }).end(file);
};
const chunked: Handler = (file, _, response) => {
  response.writeHead(200).write(file.subarray(0, 10));
  response.end(file.subarray(10));
};

const readerOf = (site: Site): BlobReader =>
  httpBlobs({ baseUrl: site.baseUrl, fetch: globalThis.fetch, platform });

describe.each([
  ['with ranges', ranged],
  ['without ranges', whole],
  ['that tells no size', chunked],
])('blobs on a server %s', (name, handler) => {
  describeBlobReader(`a layout on a server ${name}`, async (blobs) =>
    readerOf(await serve(blobs, handler)),
  );
});

const small = utf8('a small blob');
const middling = new Uint8Array(randomBytes(300_000));
const large = new Uint8Array(randomBytes(3_000_000));

describe('requests', () => {
  it('are one for a small blob, however it is read, and none when it is opened again', async () => {
    const site = await serve([small]);
    const reader = readerOf(site);
    const blob = await opened(reader, small);
    await blob.read(2, 3);
    await collect(blob.stream());
    await (await opened(reader, small)).read(0, 5);
    expect(site.requests).toEqual(['bytes=0-16383']);
  });

  it('are two for a middling one, which is then checked as a whole', async () => {
    const site = await serve([middling]);
    const blob = await opened(readerOf(site), middling);
    expect(await blob.read(200_000, 9)).toEqual(middling.slice(200_000, 200_009));
    expect(site.requests).toEqual(['bytes=0-16383', 'bytes=16384-299999']);
  });

  it('of a large one fetch blocks around what is wanted, once, neighbours together', async () => {
    const site = await serve([large]);
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
    const site = await serve([large]);
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
    const site = await serve([large]);
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
    const site = await serve([small], (file, request, response) => {
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
      const site = await serve([bytes], handlers[handler]);
      const reader = readerOf(site);
      await expect(streamed(reader, bytes)).rejects.toMatchObject({ code });
      // And is right again, once it is.
      site.handler = ranged;
      expect(sha256(await streamed(reader, bytes))).toBe(sha256(bytes));
    });

    it('from the start: 404 means that it does not have it', async () => {
      const site = await serve([bytes], handlers['404']);
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
    const site = await serve([large]);
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
    const site = await serve([small]);
    site.server.close();
    site.server.closeAllConnections();
    await expect(readerOf(site).open(digestOf(small))).rejects.toMatchObject({
      code: 'source-unreachable',
      hint: expect.stringContaining('run the command again') as unknown,
    });
  });

  it('tells when a stream that must not be trusted ends, not before', async () => {
    const site = await serve([large]);
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

describe('images of a layout', () => {
  const linux = (architecture: string) => ({ os: 'linux', architecture });
  const descriptor = (text: string, more: object): object => ({
    mediaType: MEDIA.ociManifest,
    digest: digestOf(utf8(text)),
    size: text.length,
    ...more,
  });
  const named = (name: string): object => ({ annotations: { [ANNOTATION.refName]: name } });
  const index = (manifests: readonly object[]): Uint8Array =>
    utf8(JSON.stringify({ schemaVersion: 2, manifests }));
  const STATIC = 'gcr.io/distroless/static-debian13:nonroot';

  const sourceOf = async (bytes?: Uint8Array) => {
    const site = await serve([]);
    if (bytes) site.files.set('/l/index.json', bytes);
    const { baseUrl } = site;
    return { site, source: httpLayoutSource({ baseUrl, fetch: globalThis.fetch, platform }) };
  };

  it('answer to their reference on their platform', async () => {
    const { source, site } = await sourceOf(
      index([
        descriptor('one', { ...named(STATIC), platform: linux('386') }),
        descriptor('two', { ...named(STATIC), platform: linux('amd64') }),
        descriptor('three', { ...named('busybox:1.37'), platform: linux('386') }),
      ]),
    );
    const found = async (ref: string, architecture: string) =>
      (await source.resolve(parseReference(ref), linux(architecture)))?.manifest.digest;
    expect(await found(STATIC, '386')).toBe(digestOf(utf8('one')));
    expect(await found(STATIC, 'amd64')).toBe(digestOf(utf8('two')));
    expect(await found('busybox:1.37', '386')).toBe(digestOf(utf8('three')));
    expect(await found('docker.io/library/busybox:1.37', '386')).toBe(digestOf(utf8('three')));
    const digest = digestOf(utf8('two'));
    expect(await found(`gcr.io/distroless/static-debian13@${digest}`, 'amd64')).toBe(digest);
    expect(await found(`${STATIC}@${digest}`, 'amd64')).toBe(digest);

    expect(await found(STATIC, 'arm64')).toBeUndefined();
    expect(await found('gcr.io/distroless/static-debian13', '386')).toBeUndefined();
    expect(await found('busybox', '386')).toBeUndefined();
    expect(await found(`gcr.io/distroless/static-debian13@${digest}`, '386')).toBeUndefined();
    expect(await found(`gcr.io/distroless/base-debian13@${digest}`, 'amd64')).toBeUndefined();
    expect(site.requests).toHaveLength(1);
  });

  it('carry the note of a stand-in', async () => {
    const annotations = {
      [ANNOTATION.refName]: STATIC,
      [ANNOTATION.standsInFor]: STATIC,
      [ANNOTATION.differs]: '["It is 32-bit.","It has no CVEs listed."]',
    };
    const { source } = await sourceOf(
      index([descriptor('one', { annotations, platform: linux('386') })]),
    );
    expect((await source.list()).map(({ reference, standIn }) => [reference, standIn])).toEqual([
      [STATIC, { standsInFor: STATIC, differs: ['It is 32-bit.', 'It has no CVEs listed.'] }],
    ]);
  });

  it('are none where a descriptor says neither reference nor platform', async () => {
    const { source } = await sourceOf(
      index([
        descriptor('one', { platform: linux('386') }),
        descriptor('two', named(STATIC)),
        descriptor('three', { ...named('Not A Reference'), platform: linux('386') }),
        descriptor('four', { ...named(STATIC), platform: linux('386'), mediaType: MEDIA.ociIndex }),
        descriptor('five', { ...named('kept:1'), platform: linux('386') }),
      ]),
    );
    expect((await source.list()).map(({ reference }) => reference)).toEqual([
      'docker.io/library/kept:1',
    ]);
  });

  it('are none before there is a layout, and are there once there is', async () => {
    const { source, site } = await sourceOf();
    expect(await source.list()).toEqual([]);
    site.files.set(
      '/l/index.json',
      index([descriptor('1', { ...named('a:1'), platform: linux('386') })]),
    );
    expect(await source.list()).toHaveLength(1);
  });

  it('are an error where the index is damaged, until it is mended', async () => {
    const { source, site } = await sourceOf(utf8('{"schemaVersion":2,"manif'));
    await expect(source.list()).rejects.toMatchObject({ code: 'index-invalid' });
    await expect(source.resolve(parseReference('a:1'), linux('386'))).rejects.toMatchObject({
      code: 'index-invalid',
    });
    site.files.set('/l/index.json', index([]));
    expect(await source.list()).toEqual([]);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function digestOf(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${sha256(bytes)}`);
}

async function opened(reader: BlobReader, bytes: Uint8Array): Promise<Blob> {
  const blob = await reader.open(digestOf(bytes));
  if (!blob) throw new Error('the blob is not there');
  return blob;
}

async function streamed(reader: BlobReader, bytes: Uint8Array): Promise<Uint8Array> {
  return collect((await opened(reader, bytes)).stream());
}
