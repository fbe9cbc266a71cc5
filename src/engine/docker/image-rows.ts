import { humanDuration } from '../format/duration.ts';
import type { Listing, Row } from '../format/listing.ts';
import { humanSize } from '../format/size.ts';
import { goTime, unixSeconds, ZERO_TIME, type Zone } from '../format/time.ts';
import type { ImageRecord } from '../images/record.ts';
import { shortId } from '../oci/digest.ts';
import { familiarRepository, parseReference } from '../oci/reference.ts';

const NONE = '<none>';
/** The column of an image's age, as Docker's templates have it. */
export const SINCE = '{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}';

/** How `docker images` lists, with a column for digests or without. */
export function imageListing(digests: boolean): Listing {
  const digest = digests ? '\t{{.Digest}}' : '';
  return {
    type: '*formatter.imageContext',
    titles: {
      ID: 'IMAGE ID',
      Repository: 'REPOSITORY',
      Tag: 'TAG',
      Digest: 'DIGEST',
      CreatedSince: 'CREATED',
      CreatedAt: 'CREATED AT',
      Size: 'SIZE',
      Containers: 'CONTAINERS',
      VirtualSize: 'SIZE',
      SharedSize: 'SHARED SIZE',
      UniqueSize: 'UNIQUE SIZE',
    },
    table: `{{.Repository}}\t{{.Tag}}${digest}\t{{.ID}}\t${SINCE}\t{{.Size}}`,
    quiet: '{{.ID}}',
  };
}

export interface ImageRowOptions {
  readonly digests: boolean;
  readonly trunc: boolean;
  readonly now: number;
  readonly zone: Zone;
  /** Of each image: bytes of layers it shares with others. Docker asks for it in `system df` only. */
  readonly shared?: ReadonlyMap<ImageRecord, number>;
  /** How many containers an image has, by its ID; likewise. */
  readonly containers?: ReadonlyMap<string, number>;
}

/** One row for each name of an image, as Docker makes them: digests are rows only where asked for or where there is no tag. */
export function imageRows(
  images: readonly ImageRecord[],
  options: ImageRowOptions,
): readonly Row[] {
  return images.flatMap((image) =>
    namesOf(image, options.digests).map((name) => row(image, name, options)),
  );
}

interface RowName {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

function namesOf(image: ImageRecord, withDigests: boolean): readonly RowName[] {
  if (image.names.length + image.digests.length === 0) {
    return [{ repository: NONE, tag: NONE, digest: NONE }];
  }
  const tags = grouped(image.names, (ref) => ref.tag ?? NONE);
  const digests = grouped(image.digests, (ref) => ref.digest ?? NONE);
  const rows: RowName[] = [];
  for (const [repository, all] of tags) {
    const own = withDigests ? (digests.get(repository) ?? []) : [];
    digests.delete(repository);
    for (const tag of all) {
      for (const digest of own.length > 0 ? own : [NONE]) rows.push({ repository, tag, digest });
    }
  }
  for (const [repository, all] of digests) {
    for (const digest of withDigests ? all : ['']) rows.push({ repository, tag: NONE, digest });
  }
  return rows;
}

function grouped(
  names: readonly string[],
  value: (ref: ReturnType<typeof parseReference>) => string,
): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const name of names) {
    const ref = parseReference(name);
    const repository = familiarRepository(ref);
    groups.set(repository, [...(groups.get(repository) ?? []), value(ref)]);
  }
  return groups;
}

function row(
  image: ImageRecord,
  { repository, tag, digest }: RowName,
  { trunc, now, zone, shared, containers }: ImageRowOptions,
): Row {
  const seconds = unixSeconds(image.created);
  const common = shared?.get(image);
  return {
    Containers: () => (containers ? String(containers.get(image.id) ?? 0) : 'N/A'),
    CreatedAt: () => goTime(seconds, zone),
    CreatedSince: () => (seconds === ZERO_TIME ? '' : `${humanDuration(now - seconds * 1000)} ago`),
    Digest: () => digest,
    ID: () => (trunc ? shortId(image.id) : image.id),
    Repository: () => repository,
    SharedSize: () => (common === undefined ? 'N/A' : humanSize(common, 4)),
    Size: () => humanSize(image.size),
    Tag: () => tag,
    UniqueSize: () => (common === undefined ? 'N/A' : humanSize(image.size - common, 4)),
    VirtualSize: () => humanSize(image.size, 4),
  };
}
