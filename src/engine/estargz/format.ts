import { utf8 } from '../bytes.ts';

/**
 * eStargz (github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md): a gzip tar whose
 * file contents begin gzip members of their own, then a member with the table of contents, and a
 * footer that says where that is. To everything else it is an ordinary gzip tar.
 *
 * The specification has the table and a landmark as files of the layer's archive. Here they follow
 * its end: readers of eStargz, who go by the footer, find both, and unpackers, who stop at the end,
 * leave neither in the root of the image.
 */
export const TOC_NAME = 'stargz.index.json';

/** Says that nothing is worth prefetching: one byte, in every layer where the other one is not. */
export const NO_PREFETCH = '.no.prefetch.landmark';

/** Names at a layer's root that are the format's, not the image's. */
export const OWN_NAMES: readonly string[] = [TOC_NAME, NO_PREFETCH, '.prefetch.landmark'];

export const FOOTER_SIZE = 51;

export const ANNOTATIONS = {
  tocDigest: 'containerd.io/snapshot/stargz/toc.digest',
  uncompressedSize: 'io.containers.estargz.uncompressed-size',
} as const;

/** An empty gzip member with the offset of the table of contents in its extra field. */
export function footerFor(tocOffset: number): Uint8Array {
  const footer = new Uint8Array(FOOTER_SIZE);
  footer.set([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff]);
  footer.set([26, 0, 0x53, 0x47, 22, 0], 10);
  footer.set(utf8(`${tocOffset.toString(16).padStart(16, '0')}STARGZ`), 16);
  // One final stored block of no bytes; checksum and length are 0.
  footer.set([1, 0, 0, 0xff, 0xff], 38);
  return footer;
}

/** The offset of the table of contents; undefined when the bytes are not a footer. */
export function readFooter(footer: Uint8Array): number | undefined {
  if (footer.length !== FOOTER_SIZE) return undefined;
  const text = String.fromCharCode(...footer.subarray(16, 38));
  const match = /^([0-9a-f]{16})STARGZ$/.exec(text);
  const offset = Number.parseInt(match?.[1] ?? '', 16);
  if (!Number.isSafeInteger(offset)) return undefined;
  const expected = footerFor(offset);
  // Time, flags and operating system (bytes 4 to 9) are the writer's choice.
  const same = footer.every((byte, i) => byte === expected[i] || (i >= 4 && i <= 9));
  return same ? offset : undefined;
}
