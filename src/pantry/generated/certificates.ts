import { createHash, X509Certificate } from 'node:crypto';
import { concat, utf8 } from '../../engine/bytes.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { baseName } from '../../engine/layer/path.ts';
import { bytesOf, directory, fileOf, symlink, textOf } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';
import { subjectHash } from './subject-hash.ts';

const FOLDER = 'usr/share/ca-certificates/mozilla/';

/** The package's certificates in the order of their names, as PEM with one newline at the end. */
async function certificates(
  deb: Deb,
): Promise<readonly { readonly entry: Entry; readonly pem: string }[]> {
  const entries = deb.entries
    .filter((entry) => entry.type === 'file' && entry.path.startsWith(FOLDER))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return Promise.all(
    entries.map(async (entry) => ({ entry, pem: `${(await textOf(entry)).trimEnd()}\n` })),
  );
}

/** Google's layer: one bundle and the package's copyright, both 0555, and the directories on the way. */
export async function certificateBundle(deb: Deb): Promise<readonly Entry[]> {
  const bundle = (await certificates(deb)).map(({ pem }) => pem).join('');
  const copyright = deb.entries.find(
    (entry) => entry.path === 'usr/share/doc/ca-certificates/copyright',
  );
  if (!copyright) throw new Error('ca-certificates has no copyright file');
  return [
    ...['etc', 'etc/ssl', 'etc/ssl/certs', 'usr', 'usr/share', 'usr/share/doc'].map((path) =>
      directory(path),
    ),
    fileOf('etc/ssl/certs/ca-certificates.crt', bundle, 0o555),
    directory('usr/share/doc/ca-certificates'),
    fileOf('usr/share/doc/ca-certificates/copyright', await bytesOf(copyright), 0o555),
  ];
}

/**
 * What `update-ca-certificates` leaves in `/etc/ssl/certs`: the bundle, one link per certificate,
 * and one link per certificate by the hash that OpenSSL looks for.
 */
export async function certificateFolder(deb: Deb): Promise<readonly Entry[]> {
  const all = await certificates(deb);
  const links: Entry[] = [];
  const taken = new Map<string, number>();
  for (const { entry, pem } of all) {
    const name = `${baseName(entry.path).replace(/\.crt$/, '')}.pem`;
    links.push(symlink(`etc/ssl/certs/${name}`, `/${entry.path}`));
    const hash = subjectHash(new X509Certificate(pem).raw);
    const count = taken.get(hash) ?? 0;
    taken.set(hash, count + 1);
    links.push(symlink(`etc/ssl/certs/${hash}.${count}`, name));
  }
  const configuration = all.map(({ entry }) => `mozilla/${baseName(entry.path)}\n`).join('');
  return [
    fileOf('etc/ca-certificates.conf', configuration),
    fileOf('etc/ssl/certs/ca-certificates.crt', all.map(({ pem }) => pem).join('')),
    ...links,
  ];
}

/** A Java key store (format JKS, password "changeit") that trusts the package's certificates. */
export async function javaKeyStore(deb: Deb, path: string): Promise<Entry> {
  const parts: Uint8Array[] = [uint(0xfeedfeed, 4), uint(2, 4)];
  const all = await certificates(deb);
  parts.push(uint(all.length, 4));
  for (const { entry, pem } of all) {
    const { raw } = new X509Certificate(pem);
    const alias = baseName(entry.path)
      .replace(/\.crt$/, '')
      .toLowerCase();
    // Kind 2: a trusted certificate. The date is 0, so that the store is the same each time.
    parts.push(uint(2, 4), javaString(alias), uint(0, 8), javaString('X.509'));
    parts.push(uint(raw.length, 4), raw);
  }
  const body = concat(parts);
  const password = Buffer.from('changeit', 'utf16le').swap16();
  const seal = createHash('sha1').update(password).update('Mighty Aphrodite').update(body).digest();
  return fileOf(path, concat([body, seal]));
}

function uint(value: number, bytes: number): Uint8Array {
  const buffer = new Uint8Array(bytes);
  new DataView(buffer.buffer).setUint32(bytes - 4, value);
  return buffer;
}

/** Java's modified UTF-8 with its length; ASCII but for letters beyond, which have the same bytes. */
function javaString(text: string): Uint8Array {
  const bytes = utf8(text);
  const length = new Uint8Array(2);
  new DataView(length.buffer).setUint16(0, bytes.length);
  return concat([length, bytes]);
}
