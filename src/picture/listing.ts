import type { Language } from '../i18n/languages.ts';
import type { ImageDetail } from '../workbench/port.ts';
import { parseSize } from './size.ts';

/** What `docker history` says of one image. */
export interface Listing {
  readonly name: string;
  readonly title?: string;
  readonly source?: string;
  readonly date?: string;
  /** Which of Docker's stores counted the sizes: `containerd` counts blocks of a disk. */
  readonly store?: string;
  /** Newest first, as Docker prints. */
  readonly rows: readonly ListingRow[];
}

export interface ListingRow {
  readonly createdBy: string;
  /** Bytes. Of a recorded listing they are rounded: it has three digits. */
  readonly size: number;
  /** Whether it made a layer; undefined where the listing does not tell. */
  readonly layer: boolean | undefined;
  /** As printed: `32 hours ago`, or a date. */
  readonly created?: string;
  readonly comment?: string;
  /** Line of the Dockerfile, from 1. */
  readonly line?: number;
  /** Index of its layer, lowest 0, for whoever has the layer's files. */
  readonly index?: number;
  readonly files?: readonly RowFile[];
}

export interface RowFile {
  readonly path: string;
  readonly size: number;
}

/** A recorded listing, as content/histories/ has it. */
export interface RecordedListing {
  readonly image: string;
  readonly title: Readonly<Record<Language, string>>;
  readonly source: string;
  readonly date: string | Date;
  readonly store?: string | undefined;
  readonly rows: readonly {
    readonly created: string;
    readonly createdBy: string;
    readonly size: string;
    readonly comment?: string | undefined;
  }[];
}

/** Throws a `RangeError` for a size that Docker would not print: the author's slip, at build. */
export function listingFromRecord(record: RecordedListing, lang: Language): Listing {
  const { image, title, source, date, store } = record;
  return {
    name: image,
    title: title[lang],
    source,
    date: typeof date === 'string' ? date : date.toISOString().slice(0, 10),
    ...(store !== undefined && { store }),
    rows: record.rows.map(({ created, createdBy, size: printed, comment }) => {
      const size = parseSize(printed);
      if (size === undefined) throw new RangeError(`"${printed}" of ${image} is no size: 21.6MB`);
      const layer = size > 0 ? true : makesLayer(createdBy);
      return { created, createdBy, size, layer, ...(comment !== undefined && { comment }) };
    }),
  };
}

/** A live image; here it is known which row made a layer. */
export function listingFromImage(image: ImageDetail): Listing {
  return {
    name: image.names[0] ?? image.id,
    rows: image.history.toReversed().map(({ createdBy, size, created, comment, layer }) => ({
      createdBy,
      size,
      layer: layer !== undefined,
      ...(created !== undefined && { created }),
      ...(comment !== undefined && comment !== '' && { comment }),
      ...(layer !== undefined && { index: layer }),
    })),
  };
}

const CONFIG =
  /^(?:\/bin\/sh -c #\(nop\) +)?(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b/;

/** Whether an instruction makes a layer, from its words alone: 0 B does not tell a `RUN rm` from an `ENV`. */
export function makesLayer(createdBy: string): boolean | undefined {
  if (CONFIG.test(createdBy)) return false;
  return /^(?:RUN|COPY|ADD)\b/.test(createdBy) ? true : undefined;
}

/** A row's instruction without what its builder wraps it in: `RUN pip install`, `COPY static static/`, `libc6`. */
export function instruction(createdBy: string): string {
  const bazel = /^bazel build (?:@@?[^/]*)?\/\/(.+)$/.exec(createdBy);
  if (bazel?.[1] !== undefined) {
    const [target = '', part = ''] = bazel[1].split(':');
    return part === 'data_statusd' || part === '' ? target : part;
  }
  return createdBy
    .replace(/\s+# buildkit$/, '')
    .replace(/^\/bin\/sh -c #\(nop\) +/, '')
    .replace(/^RUN (?:\|\d+ (?:\w+=\S* )*)?\/bin\/sh -c /, 'RUN ')
    .replace(/^\/bin\/sh -c /, 'RUN ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Bytes of all rows. */
export function sizeOfRows(rows: readonly { readonly size: number }[]): number {
  return rows.reduce((sum, { size }) => sum + size, 0);
}
