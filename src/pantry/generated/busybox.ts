import type { Entry } from '../../engine/layer/entry.ts';
import { bytesOf, directory, entryPath, fileOf, symlink } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';
import type { Generate } from '../recipe.ts';

type Busybox = Extract<Generate, { kind: 'busybox' }>;

/** Debian's static BusyBox with a link per applet. */
export async function busybox(deb: Deb, recipe: Busybox): Promise<readonly Entry[]> {
  const binary = deb.entries.find(
    (entry) => entry.type === 'file' && /^(?:usr\/)?bin\/busybox$/.test(entry.path),
  );
  if (!binary) throw new Error('busybox-static has no busybox');
  const folder = entryPath(recipe.directory);
  const program = fileOf(entryPath(recipe.binary), await bytesOf(binary), 0o755, {
    mtime: binary.mtime,
  });
  const links = recipe.applets
    .map((name) => `${folder}/${name}`)
    .filter((path) => path !== program.path)
    .map((path): Entry => {
      if (recipe.links === 'symlink') return symlink(path, recipe.binary);
      const { mode, uid, gid, mtime } = program;
      return { type: 'hardlink', path, mode, uid, gid, mtime, size: 0, target: program.path };
    });
  return [directory(folder), program, ...links];
}
