import type { Entry, EntryType } from '../../engine/layer/entry.ts';
import { FORMAT } from './node.ts';

const FORMATS: Readonly<Record<EntryType, number>> = {
  file: FORMAT.file,
  dir: FORMAT.directory,
  symlink: FORMAT.symlink,
  char: FORMAT.character,
  block: FORMAT.block,
  fifo: FORMAT.fifo,
  // What trees never hold.
  hardlink: 0,
  whiteout: 0,
  opaque: 0,
};

/** The S_IFMT bits of what an entry of a tree is. */
export function formatOf(entry: Entry): number {
  return FORMATS[entry.type];
}
