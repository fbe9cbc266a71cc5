import { unzipSync } from 'fflate';
import type { Entry } from '../../engine/layer/entry.ts';
import { baseName, cleanPath, parentPath } from '../../engine/layer/path.ts';
import { bytesOf, directory, entryPath, fileOf } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';
import type { Generate } from '../recipe.ts';

type Wheel = Extract<Generate, { kind: 'wheel' }>;

/** Installs a wheel as pip does: its files, who installed it, and scripts for its entry points. */
export async function wheelFiles(deb: Deb, recipe: Wheel): Promise<readonly Entry[]> {
  const [prefix = '', suffix = ''] = baseName(recipe.wheel).split('*');
  const folder = parentPath(entryPath(recipe.wheel));
  const wheel = deb.entries.find(
    ({ path }) =>
      parentPath(path) === folder &&
      baseName(path).startsWith(prefix) &&
      baseName(path).endsWith(suffix),
  );
  if (!wheel) throw new Error(`${recipe.package} has no ${recipe.wheel}`);
  const into = entryPath(recipe.into);
  const entries = new Map<string, Entry>();
  for (const [name, bytes] of Object.entries(unzipSync(await bytesOf(wheel)))) {
    if (name.endsWith('/')) continue;
    const path = `${into}/${cleanPath(name)}`;
    for (let at = parentPath(path); at.length > into.length; at = parentPath(at)) {
      entries.set(at, directory(at));
    }
    entries.set(path, fileOf(path, bytes));
  }
  const record = [...entries.keys()].find((path) => path.endsWith('.dist-info/RECORD'));
  if (record !== undefined) {
    const installer = `${parentPath(record)}/INSTALLER`;
    entries.set(installer, fileOf(installer, 'pip\n'));
  }
  for (const [name, target] of Object.entries(recipe.scripts)) {
    const [module = '', call = ''] = target.split(':');
    const path = `${entryPath(recipe.bin)}/${name}`;
    const script = [
      `#!${recipe.interpreter}`,
      'import sys',
      `from ${module} import ${call}`,
      "if __name__ == '__main__':",
      `    sys.exit(${call}())`,
      '',
    ];
    entries.set(path, fileOf(path, script.join('\n'), 0o755));
  }
  return [...entries.values()];
}
