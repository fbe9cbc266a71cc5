import { existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { repository } from '../../setup/paths.mjs';

/**
 * The line for a shell that makes `semdistro` a command there; undefined where it is one. In a checkout
 * it is not: npx has it, and only inside the repository, where no lab's folder is.
 */
export function aliasLine(
  env: Readonly<Record<string, string | undefined>>,
  platform = process.platform,
): string | undefined {
  // Neither of its shells has an alias that takes a command line.
  if (platform === 'win32') return undefined;
  const found = (env['PATH'] ?? '')
    .split(delimiter)
    // What npm and npx put there for the commands that they run.
    .filter((folder) => folder !== '' && !folder.split(sep).includes('node_modules'))
    .some((folder) => existsSync(join(folder, 'semdistro')));
  if (found) return undefined;
  const program = join(repository, 'src', 'cli', 'bin.mjs');
  return `alias semdistro=${quoted(`node ${quoted(program)}`)}`;
}

/** A word for a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
