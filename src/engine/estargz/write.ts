import { concat, utf8 } from '../bytes.ts';
import { contentOf } from '../layer/content.ts';
import type { Content, Entry } from '../layer/entry.ts';
import { type Digest, digestBy, digestOf } from '../oci/digest.ts';
import { archiveName, encodeHeader } from '../tar/encode-header.ts';
import { BLOCK, paddingOf, ZERO_BLOCK } from '../tar/format.ts';
import { checkedContent } from '../tar/writer.ts';
import { ANNOTATIONS, footerFor, NO_PREFETCH, OWN_NAMES, TOC_NAME } from './format.ts';
import { type MemberOptions, memberWriter, type Totals } from './member-writer.ts';
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
    if (OWN_NAMES.includes(entry.path)) {
      throw new Error(`${entry.path} is a name of the eStargz format`);
    }
    await add(entry);
  }
  out.add(END_OF_ARCHIVE);
  await add(formatFile(NO_PREFETCH, contentOf(Uint8Array.of(0xf))));
  await out.flush();
  const footer = footerFor(out.written());
  const json = utf8(JSON.stringify({ version: 1, entries: toc }));
  const table = formatFile(TOC_NAME, contentOf(json));
  out.add(encodeHeader(table));
  out.add(json);
  out.add(ZERO_BLOCK.subarray(0, paddingOf(json.length)));
  out.add(END_OF_ARCHIVE);
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

  async function add(entry: Entry): Promise<void> {
    out.add(encodeHeader(entry));
    // Headers alone, of any number of directories and links, must not pile up.
    if (out.pending() > chunkSize) await out.flush();
    const described = tocEntryOf(entry, archiveName(entry));
    if (entry.type === 'file') toc.push(...(await writeFile(entry, described)));
    else toc.push(described);
  }

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
    return [{ ...first, digest: digestBy(whole) }, ...rest];
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

const END_OF_ARCHIVE = new Uint8Array(2 * BLOCK);

/** A file of the format's own. */
function formatFile(path: string, content: Content): Entry {
  return { type: 'file', path, mode: 0o444, uid: 0, gid: 0, size: content.size, mtime: 0, content };
}
