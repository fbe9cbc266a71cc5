import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { field, parseStanzas } from './stanza.ts';
import type { Archive } from './suites.ts';

/** Where the machine's own apt finds Debian: base URIs, without a slash at the end. */
export interface Mirror {
  readonly main: string;
  /** Undefined when the machine names none and none can be derived. */
  readonly security: string | undefined;
  readonly keyring: string;
}

/** One entry of an apt source list, whatever its format; only binary packages are of interest. */
export interface SourceEntry {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly signedBy: string | undefined;
}

/** Names of Debian releases: what tells an entry for Debian from one for anything else. */
const RELEASES =
  'buster|bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable';
const MAIN_SUITE = new RegExp(`^(?:${RELEASES})(?:-updates|-backports)?$`);
const SECURITY_SUITE = new RegExp(`^(?:${RELEASES})(?:-security|/updates)$`);

const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.pgp',
  '/usr/share/keyrings/debian-archive-keyring.gpg',
];

/** The one-line format: `deb [options] URI SUITE COMPONENT…`. */
export function parseListFile(text: string): SourceEntry[] {
  const entries: SourceEntry[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+([^\s#]+)/.exec(line);
    const [, options = '', uri, suite] = match ?? [];
    if (uri === undefined || suite === undefined) continue;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    entries.push({ uris: [uri], suites: [suite], signedBy });
  }
  return entries;
}

/** The deb822 format of `.sources` files. */
export function parseSourcesFile(text: string): SourceEntry[] {
  const words = (value: string | undefined): string[] =>
    (value ?? '').split(/\s+/).filter((word) => word !== '');
  return parseStanzas(text)
    .filter((stanza) => words(field(stanza, 'Types')).includes('deb'))
    .filter((stanza) => !/^(no|false|off|0|disable)$/i.test(field(stanza, 'Enabled') ?? 'yes'))
    .map((stanza) => ({
      uris: words(field(stanza, 'URIs')),
      suites: words(field(stanza, 'Suites')),
      signedBy: words(field(stanza, 'Signed-By'))[0],
    }));
}

/** Picks Debian's entries out of a machine's; undefined when there is none. */
export function mirrorOf(
  entries: readonly SourceEntry[],
  exists: (path: string) => boolean = existsSync,
): Mirror | undefined {
  const debian = entries.find((entry) => entry.suites.some((suite) => MAIN_SUITE.test(suite)));
  const security = entries.find((entry) => entry.suites.some((name) => SECURITY_SUITE.test(name)));
  const main = clean(debian?.uris[0]);
  if (debian === undefined || main === undefined) return undefined;
  const keyrings = [...KEYRINGS, debian.signedBy ?? '', security?.signedBy ?? ''];
  const keyring = keyrings.find((path) => path.startsWith('/') && exists(path));
  if (keyring === undefined) {
    throw new EngineError('packages-unavailable', "the Debian archive's keyring is not installed", {
      hint: 'Install the package debian-archive-keyring.',
    });
  }
  return { main, security: clean(security?.uris[0]) ?? derivedSecurity(main), keyring };
}

function clean(uri: string | undefined): string | undefined {
  return uri?.replace(/\/+$/, '');
}

/** The archive's own layout: `debian-security` beside `debian`. */
function derivedSecurity(main: string): string | undefined {
  return main.endsWith('/debian') ? `${main}-security` : undefined;
}

/** Base URI of an archive of a mirror. */
export function archiveUri(mirror: Mirror, archive: Archive): string | undefined {
  return archive === 'main' ? mirror.main : mirror.security;
}

/** Reads a machine's source list and the folder of its parts, as apt would (names ending in .list and .sources). */
export async function readSources(listFile: string, partsFolder: string): Promise<SourceEntry[]> {
  const names = await readdir(partsFolder).catch(() => []);
  const files = [listFile, ...names.sort().map((name) => join(partsFolder, name))];
  const entries: SourceEntry[] = [];
  for (const file of files) {
    const parse = file.endsWith('.list')
      ? parseListFile
      : file.endsWith('.sources')
        ? parseSourcesFile
        : undefined;
    const text = parse && (await readFile(file, 'utf8').catch(() => undefined));
    if (parse && text !== undefined) entries.push(...parse(text));
  }
  return entries;
}
