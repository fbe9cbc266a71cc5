import { type FSWatcher, type Stats, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Not watched: our own, git's, and what package managers fill by the thousand. */
const FOLDERS = /^(?:\.semdistro|\.git|node_modules|__pycache__|\.venv|\.idea|\.vscode)$/;
/** What editors put beside a file while it is edited or saved. */
const ASIDE =
  /^(?:\.#.*|#.*#|.*~|.*\.sw[a-z]|4913|\.DS_Store|\.goutputstream-.*|.*___jb_\w+___|.*\.tmp|.*\.new)$/;

/** After the last event, until it counts as one save. Editors write, rename and set modes within this. */
const QUIET = 80;
/** Some file systems tell nothing: network shares, folders of another system. */
const LOOK_EVERY = 2000;
/** Looking at more than this again and again would keep a disk busy. */
const MOST_FILES = 5000;

export interface Saves {
  close(): void;
}

/**
 * Tells which files of a folder were saved, made, renamed or removed, all that come in a row at
 * once, by paths with `/`. Folders are watched, not files, so that editors may save by renaming.
 * `onGone` is called when the folder itself is not there any more.
 */
export function watchSaves(
  dir: string,
  onSave: (paths: readonly string[]) => void,
  onGone: () => void,
): Saves {
  const watchers = new Map<string, FSWatcher>();
  let known = look(dir) ?? new Map<string, string>();
  let quiet: NodeJS.Timeout | undefined;
  let closed = false;

  const soon = (): void => {
    if (closed) return;
    clearTimeout(quiet);
    quiet = setTimeout(compare, QUIET);
  };
  const compare = (): void => {
    if (closed) return;
    const now = look(dir);
    if (!now) {
      close();
      onGone();
      return;
    }
    follow(now);
    const changed = [...new Set([...known.keys(), ...now.keys()])]
      .filter((path) => !path.endsWith('/') && known.get(path) !== now.get(path))
      .sort();
    known = now;
    if (changed.length > 0) onSave(changed);
  };
  /** A watcher for each folder there is. */
  const follow = (now: ReadonlyMap<string, string>): void => {
    const folders = ['', ...[...now.keys()].filter((path) => path.endsWith('/'))];
    for (const [path, watcher] of watchers) {
      if (folders.includes(path)) continue;
      watcher.close();
      watchers.delete(path);
    }
    for (const path of folders) {
      if (watchers.has(path)) continue;
      try {
        const watcher = watch(join(dir, path), soon);
        // The folder was removed, or the system's watches are used up: looking again goes on.
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(path);
          soon();
        });
        watchers.set(path, watcher);
      } catch {
        continue;
      }
    }
  };
  const close = (): void => {
    closed = true;
    clearTimeout(quiet);
    clearInterval(timer);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
  const timer = setInterval(compare, LOOK_EVERY);
  follow(known);
  return { close };
}

/** What is there, with what changes when it is saved; folders end in `/`. Undefined without the folder. */
function look(dir: string): Map<string, string> | undefined {
  const found = new Map<string, string>();
  const visit = (below: string): boolean => {
    let names: readonly string[];
    try {
      names = readdirSync(join(dir, below));
    } catch {
      return false;
    }
    for (const name of names) {
      if (found.size > MOST_FILES) return true;
      const path = `${below}${name}`;
      const stats = statOf(join(dir, path));
      if (!stats) continue;
      if (stats.isDirectory()) {
        if (FOLDERS.test(name)) continue;
        found.set(`${path}/`, '');
        visit(`${path}/`);
      } else if (!ASIDE.test(name)) {
        found.set(path, `${stats.mtimeMs} ${stats.size} ${stats.mode}`);
      }
    }
    return true;
  };
  return visit('') ? found : undefined;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
