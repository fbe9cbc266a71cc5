import { collect } from '../bytes.ts';
import type { FileTree, Node } from '../layer/tree.ts';
import type { Package, PackageChanges } from './model.ts';

/** Records larger than this are not package metadata. */
const LIMIT = 64 * 1024 * 1024;

/**
 * Packages a scanner would find in a root filesystem: Debian (`status`, `status.d`), apk, Python
 * (`.dist-info`, `.egg-info`) and npm. Sorted by manager, then name, then path.
 */
export async function listPackages(tree: FileTree): Promise<readonly Package[]> {
  const found: Package[] = [];
  for (const node of tree.walk()) {
    const reader = readerOf(node.entry.path);
    if (!reader || node.entry.type !== 'file') continue;
    for (const one of reader(await textOf(node), node.entry.path)) found.push(one);
  }
  return found.sort(
    (a, b) => compare(a.manager, b.manager) || compare(a.name, b.name) || compare(a.path, b.path),
  );
}

type Reader = (text: string, path: string) => readonly Package[];

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^var\/lib\/dpkg\/status$/, (text, path) => debian(text, path)],
  // `.md5sums` beside each record lists files, not a package.
  [/^var\/lib\/dpkg\/status\.d\/(?!.*\.md5sums$)[^/]+$/, (text, path) => debian(text, path)],
  [/^(?:usr\/)?lib\/apk\/db\/installed$/, apk],
  [/\.dist-info\/METADATA$/, python],
  [/\.egg-info(?:\/PKG-INFO)?$/, python],
  [/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@][^/]*\/package\.json$/, npm],
];

function readerOf(path: string): Reader | undefined {
  return READERS.find(([pattern]) => pattern.test(path))?.[1];
}

async function textOf(node: Node): Promise<string> {
  const content = node.entry.content;
  return content ? new TextDecoder().decode(await collect(content.stream(), LIMIT)) : '';
}

function debian(text: string, path: string): readonly Package[] {
  return stanzas(text).flatMap((stanza) => {
    const name = field(stanza, 'Package');
    const version = field(stanza, 'Version');
    const status = field(stanza, 'Status');
    // A removed package whose configuration stays has a stanza but no files.
    if (!name || !version || (status && !status.endsWith(' installed'))) return [];
    return [{ manager: 'deb', name, version, path }];
  });
}

function apk(text: string, path: string): readonly Package[] {
  return stanzas(text).flatMap((stanza) => {
    const name = /^P:(.+)$/m.exec(stanza)?.[1];
    const version = /^V:(.+)$/m.exec(stanza)?.[1];
    return name && version ? [{ manager: 'apk', name, version, path }] : [];
  });
}

function python(text: string, path: string): readonly Package[] {
  // Headers end at the first empty line; the description below may hold anything.
  const [headers = ''] = stanzas(text);
  const name = field(headers, 'Name');
  const version = field(headers, 'Version');
  return name && version ? [{ manager: 'python', name, version, path }] : [];
}

function npm(text: string, path: string): readonly Package[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  if (typeof parsed !== 'object' || parsed === null) return [];
  const name = 'name' in parsed ? parsed.name : undefined;
  const version = 'version' in parsed ? parsed.version : undefined;
  return typeof name === 'string' && typeof version === 'string'
    ? [{ manager: 'npm', name, version, path }]
    : [];
}

function stanzas(text: string): readonly string[] {
  return text.split(/\r?\n[ \t]*\r?\n/).filter((stanza) => stanza.trim() !== '');
}

function field(stanza: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*?)\\s*$`, 'mi').exec(stanza)?.[1];
}

/** Packages by manager and name; the same package recorded in two places counts once per version. */
export function comparePackages(from: readonly Package[], to: readonly Package[]): PackageChanges {
  const removed = without(from, to);
  const added = without(to, from);
  const changed: { from: Package; to: Package }[] = [];
  for (const before of removed) {
    const after = added.find(
      (one) =>
        one.manager === before.manager &&
        one.name === before.name &&
        !changed.some((pair) => pair.to === one),
    );
    if (after) changed.push({ from: before, to: after });
  }
  return {
    added: added.filter((one) => !changed.some((pair) => pair.to === one)),
    removed: removed.filter((one) => !changed.some((pair) => pair.from === one)),
    changed,
  };
}

function without(list: readonly Package[], other: readonly Package[]): readonly Package[] {
  const key = (one: Package): string => `${one.manager}\0${one.name}\0${one.version}`;
  const known = new Set(other.map(key));
  return list.filter((one) => !known.has(key(one)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
