import { concat, utf8 } from '../bytes.ts';
import type { Entry } from '../layer/entry.ts';
import { type Digest, digestOf } from '../oci/digest.ts';
import { archiveName, encodeHeader } from '../tar/encode-header.ts';
import { BLOCK, paddingOf, ZERO_BLOCK } from '../tar/format.ts';
import { checkedContent } from '../tar/writer.ts';
import { ANNOTATIONS, footerFor, LANDMARKS, TOC_NAME } from './format.ts';
import {
  type MemberOptions,
  memberWriter,
  type MemberWriter,
  type Totals,
} from './member-writer.ts';
import { type TocEntry, tocEntryOf } from './toc-entry.ts';

export interface EstargzOptions extends MemberOptions {
  /** Bytes of content per gzip member; 4 MiB as in the specification. */
  readonly chunkSize?: number;
}

/** `digest` and `size` are the compressed blob's; `diffId` counts the table of contents in. */
export interface EstargzResult extends Totals {
  readonly tocDigest: Digest;
  /** For the layer's descriptor: without the table's digest a reader cannot trust it. */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Writes entries, in the order given (`sortEntries` makes a good one), as an eStargz layer.
 * Throws plainly when an entry has a name of the format's own. Memory: one chunk.
 */
export async function writeEstargz(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  options: EstargzOptions,
): Promise<EstargzResult> {
  const chunkSize = options.chunkSize ?? 4 * 1024 * 1024;
  const out = memberWriter(options);
  const toc: TocEntry[] = [];
  for await (const entry of entries) {
    if (entry.path === TOC_NAME || LANDMARKS.includes(entry.path)) {
      throw new Error(`${entry.path} is a name of the eStargz format`);
    }
    out.add(encodeHeader(entry));
    if (out.pending() > chunkSize) await out.flush();
    const described = tocEntryOf(entry, archiveName(entry));
    if (entry.type === 'file') toc.push(...(await writeFile(entry, described)));
    else toc.push(described);
  }
  // The archive ends before the table: whatever unpacks a layer stops here and the table leaves no
  // file in the root, while readers of eStargz find it by the footer.
  out.add(new Uint8Array(2 * BLOCK));
  await out.flush();
  const footer = footerFor(out.written());
  const json = utf8(JSON.stringify({ version: 1, entries: toc }));
  addToc(out, json);
  await out.flush();
  await out.raw(footer);
  const tocDigest = digestOf(options.platform, json);
  const totals = out.totals();
  return {
    ...totals,
    tocDigest,
    annotations: {
      [ANNOTATIONS.tocDigest]: tocDigest,
      [ANNOTATIONS.uncompressedSize]: String(totals.uncompressedSize),
    },
  };

  async function writeFile(entry: Entry, described: TocEntry): Promise<readonly TocEntry[]> {
    const whole = options.platform.sha256();
    const chunks: TocEntry[] = [];
    let chunkOffset = 0;
    for await (const chunk of chunksOf(entry, chunkSize)) {
      whole.update(chunk);
      await out.flush();
      chunks.push({
        ...(chunkOffset === 0 ? described : { name: described.name, type: 'chunk' }),
        offset: out.written(),
        ...(chunkOffset > 0 && { chunkOffset }),
        ...(chunkOffset + chunk.length < entry.size && { chunkSize: chunk.length }),
        chunkDigest: digestOf(options.platform, chunk),
      });
      out.add(chunk);
      chunkOffset += chunk.length;
    }
    out.add(ZERO_BLOCK.subarray(0, paddingOf(entry.size)));
    const [first = described, ...rest] = chunks;
    return [{ ...first, digest: `sha256:${whole.hex()}` }, ...rest];
  }
}

/** The content in chunks of the same size, however it streams; only the last is shorter. */
async function* chunksOf(entry: Entry, chunkSize: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of checkedContent(entry)) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + chunkSize - length);
      held.push(part);
      length += part.length;
      at += part.length;
      if (length < chunkSize) continue;
      yield concat(held, length);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield concat(held, length);
}

/** The table as an archive of its own, in a member of its own. */
function addToc(out: MemberWriter, json: Uint8Array): void {
  const header: Entry = {
    type: 'file',
    path: TOC_NAME,
    mode: 0o444,
    uid: 0,
    gid: 0,
    size: json.length,
    mtime: 0,
  };
  out.add(encodeHeader(header));
  out.add(json);
  out.add(ZERO_BLOCK.subarray(0, paddingOf(json.length)));
  out.add(new Uint8Array(2 * BLOCK));
}
