import type { Deb } from './deb.ts';

/**
 * dpkg's tables of who wants to be told what, by file name below `triggers`: `File` for paths, and a
 * file per named trigger. Without them `ldconfig` would not run when something is installed later.
 */
export function triggerTables(
  debs: readonly { readonly name: string; readonly deb: Deb }[],
): ReadonlyMap<string, string> {
  const tables = new Map([
    ['File', ''],
    ['Unincorp', ''],
  ]);
  const add = (table: string, line: string): void => {
    tables.set(table, `${tables.get(table) ?? ''}${line}\n`);
  };
  for (const { name, deb } of debs) {
    const text = new TextDecoder().decode(deb.controlFiles.get('triggers'));
    for (const line of text.split('\n')) {
      const [, directive, trigger] = /^\s*(interest(?:-\w+)?)\s+(\S+)\s*$/.exec(line) ?? [];
      if (trigger === undefined) continue;
      const who = directive === 'interest-noawait' ? `${name}/noawait` : name;
      if (trigger.startsWith('/')) add('File', `${trigger} ${who}`);
      else if (/^[\w.+-]+$/.test(trigger)) add(trigger, who);
    }
  }
  return tables;
}
