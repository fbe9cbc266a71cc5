import { afterEach, describe, expect, it } from 'vitest';
import { closeLayoutServers, digestOf, serveLayout } from '../../testing/layout-server.ts';
import { utf8 } from '../bytes.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import { MEDIA } from '../oci/media-types.ts';
import { parseReference } from '../oci/reference.ts';
import { portablePlatform } from '../portable.ts';
import { httpLayoutSource } from './http-layout.ts';

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });

afterEach(closeLayoutServers);

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
    const site = await serveLayout([]);
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
