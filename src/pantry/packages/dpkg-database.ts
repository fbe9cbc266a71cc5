import { createHash } from 'node:crypto';
import { collect, utf8 } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import type { Deb } from './deb.ts';
import { triggerTables } from './dpkg-triggers.ts';
import { field, formatStanza, requiredField } from './stanza.ts';
import type { Stanza } from './stanza.ts';

/** Modification time, in seconds since 1970, that generated files get. */
interface Stamp {
  readonly mtime: number;
}

/**
 * How Google's distroless registers a package for scanners: its control fields and its md5sums
 * under `var/lib/dpkg/status.d`, and nothing of dpkg's own database. Files only; the directories
 * are the caller's.
 */
export function statusDEntries(deb: Deb, stamp: Stamp): readonly Entry[] {
  const name = requiredField(deb.control, 'Package');
  const control = deb.controlFiles.get('control');
  const md5sums = deb.controlFiles.get('md5sums');
  return [
    ...(control ? [file(`var/lib/dpkg/status.d/${name}`, control, 0o644, stamp)] : []),
    ...(md5sums ? [file(`var/lib/dpkg/status.d/${name}.md5sums`, md5sums, 0o644, stamp)] : []),
  ];
}

/**
 * dpkg's database as it is after these packages were installed, for a full Debian image: `status`,
 * `info/*`, `triggers/*` and the empty tables. Directories included, parents first. Maintainer
 * scripts are recorded, as dpkg does, and have not run: see the README beside this file.
 */
export async function dpkgDatabase(debs: readonly Deb[], stamp: Stamp): Promise<readonly Entry[]> {
  const base = 'var/lib/dpkg';
  const byName = debs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const info = byName.flatMap((deb) => infoEntries(deb, `${base}/info`, stamp));
  const stanzas = await Promise.all(byName.map(statusStanza));
  const triggers = triggerTables(byName.map((deb) => ({ name: stemOf(deb), deb })));
  const text = (path: string, content: string): Entry =>
    file(`${base}/${path}`, utf8(content), 0o644, stamp);
  return [
    ...['var', 'var/lib', base].map((path) => directory(path, stamp)),
    text('available', ''),
    text('diversions', ''),
    directory(`${base}/info`, stamp),
    text('info/format', '1\n'),
    ...info,
    text('statoverride', ''),
    text('status', stanzas.map((stanza) => `${stanza}\n`).join('')),
    directory(`${base}/triggers`, stamp),
    ...[...triggers].map(([name, content]) => text(`triggers/${name}`, content)),
    directory(`${base}/updates`, stamp),
  ];
}

function nameOf(deb: Deb): string {
  return requiredField(deb.control, 'Package');
}

/** The name, with the architecture where several may be installed side by side. */
function stemOf(deb: Deb): string {
  const same = field(deb.control, 'Multi-Arch') === 'same';
  return same ? `${nameOf(deb)}:${requiredField(deb.control, 'Architecture')}` : nameOf(deb);
}

/** `info/NAME.*`: the list of files, and the control archive but for `control` itself. */
function infoEntries(deb: Deb, folder: string, stamp: Stamp): readonly Entry[] {
  const stem = stemOf(deb);
  const list = deb.entries.map(({ path }) => (path === '' ? '/.\n' : `/${path}\n`)).join('');
  const files = [...deb.controlFiles]
    .filter(([name]) => name !== 'control')
    .map(([name, bytes]) => ({ name, bytes, mode: SCRIPTS.has(name) ? 0o755 : 0o644 }));
  return [{ name: 'list', bytes: utf8(list), mode: 0o644 }, ...files]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, bytes, mode }) => file(`${folder}/${stem}.${name}`, bytes, mode, stamp));
}

const SCRIPTS: ReadonlySet<string> = new Set(['config', 'postinst', 'postrm', 'preinst', 'prerm']);

/** The order dpkg writes the fields it knows in; any other follow as the package has them. */
const FIELD_ORDER = [
  ...['Package', 'Essential', 'Protected', 'Status', 'Priority', 'Section', 'Installed-Size'],
  ...['Origin', 'Maintainer', 'Bugs', 'Architecture', 'Multi-Arch', 'Source', 'Version'],
  ...['Replaces', 'Provides', 'Depends', 'Pre-Depends', 'Recommends', 'Suggests', 'Breaks'],
  ...['Conflicts', 'Enhances', 'Conffiles', 'Description'],
];

/** A package's paragraph in `status`, as dpkg writes it when the package is configured. */
export async function statusStanza(deb: Deb): Promise<string> {
  const fields = new Map(deb.control);
  fields.set('Status', 'install ok installed');
  const conffiles = await conffileSums(deb);
  if (conffiles !== '') fields.set('Conffiles', conffiles);
  const known = FIELD_ORDER.flatMap((name): [string, string][] => {
    const value = fields.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const others = [...fields].filter(([name]) => !FIELD_ORDER.includes(name));
  return formatStanza(new Map([...known, ...others]) satisfies Stanza);
}

/** `Conffiles` of a status paragraph: each on its line with the MD5 of what the package ships. */
async function conffileSums(deb: Deb): Promise<string> {
  const names = new TextDecoder()
    .decode(deb.controlFiles.get('conffiles'))
    .split('\n')
    .filter((line) => line.startsWith('/'));
  const files = new Map(deb.entries.map((entry) => [`/${entry.path}`, entry]));
  const lines = await Promise.all(
    names.map(async (name) => {
      const content = files.get(name)?.content;
      if (content === undefined) return '';
      const sum = createHash('md5')
        .update(await collect(content.stream()))
        .digest('hex');
      return `\n ${name} ${sum}`;
    }),
  );
  return lines.join('');
}

function file(path: string, bytes: Uint8Array, mode: number, { mtime }: Stamp): Entry {
  const size = bytes.length;
  return { type: 'file', path, mode, uid: 0, gid: 0, size, mtime, content: contentOf(bytes) };
}

function directory(path: string, { mtime }: Stamp): Entry {
  return { type: 'dir', path, mode: 0o755, uid: 0, gid: 0, size: 0, mtime };
}
