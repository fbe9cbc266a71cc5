import { EngineError } from '../errors.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import type { FileTree } from '../layer/tree.ts';
import type { Platform } from '../platform.ts';
import { utf8 } from '../bytes.ts';
import { copyInto } from './copy.ts';
import { resolveOwner, unknownNote } from './owners.ts';
import { type Selected, selectSources } from './select.ts';
import type { CopyStep } from './step.ts';
import { archiveEntries, unpackInto } from './unpack.ts';
import { type Owner, type Upper, upperOver } from './upper.ts';

/** What COPY takes from its source tree, in order. Errors: `source-missing`, `bad-pattern`. */
export function selectAll(step: CopyStep, tree: FileTree, ref: string): readonly Selected[] {
  const { exclude, parents } = step;
  return step.sources.flatMap((source) => selectSources(tree, source, { exclude, parents }, ref));
}

/** The parts of a COPY that decide its result, without base and sources. */
export function copyParameters(step: CopyStep, epoch: number | undefined): readonly unknown[] {
  const { unpack, sources, heredocs, destination, chown, chmod, link, parents, exclude } = step;
  const words = { unpack, sources, heredocs, destination, chown, chmod: chmod?.text };
  return [{ ...words, link, parents, exclude, epoch }];
}

/**
 * The entries of COPY's layer over `base`. With `--link` base is the empty tree, so that the layer
 * does not depend on it; `accounts` is where names of `--chown` are looked up.
 */
export async function copyChanges(
  step: CopyStep,
  base: FileTree,
  from: { readonly tree: FileTree; readonly selected: readonly Selected[] },
  context: {
    readonly accounts: FileTree;
    readonly platform: Platform;
    readonly epoch: number | undefined;
    /** Hears what a user should know, a line each. */
    readonly note: (line: string) => void;
  },
): Promise<readonly Entry[]> {
  const { epoch, platform, accounts, note } = context;
  const upper = upperOver(base);
  const owner = step.chown === undefined ? undefined : await chownOwner(step.chown, accounts, note);
  const heredocs = inlineDocuments(step, nearestTime(upper, step.destination));
  const newest = Math.max(...[...from.selected, ...heredocs.selected].map(timeOf), 0);
  const options = {
    destination: step.destination,
    mtime: epoch ?? newest,
    ...(owner && { owner }),
    ...(step.chmod && { chmod: step.chmod.apply }),
    ...(epoch !== undefined && { epoch }),
  };
  for (const selected of from.selected) {
    const { content } = selected.node.entry;
    const archive = step.unpack && content ? await archiveEntries(content, platform) : undefined;
    if (archive) {
      unpackInto(upper, archive, step.destination, { mtime: options.mtime, ...owner }, epoch);
    } else copyInto(upper, from.tree, selected, options);
  }
  for (const selected of heredocs.selected) copyInto(upper, heredocs.tree, selected, options);
  return upper.entries();
}

async function chownOwner(
  spec: string,
  accounts: FileTree,
  note: (line: string) => void,
): Promise<Owner> {
  const isNumeric = /^\d*(?::\d*)?$/.test(spec);
  if (!isNumeric && accounts.size === 0) {
    // Docker's own words for a name where there is no file system to look it up in.
    throw new EngineError('user-unknown', 'invalid user index: -1', {
      hint: 'Nothing is in the image yet, so no name means anything: give numbers to --chown.',
    });
  }
  const resolved = await resolveOwner(spec, (path) => accounts.get(path)?.entry);
  const unknown = unknownNote(resolved);
  if (unknown !== undefined) note(unknown);
  return resolved.owner;
}

/** Heredocs as files of a small tree. */
function inlineDocuments(
  step: CopyStep,
  mtime: number,
): { readonly tree: FileTree; readonly selected: readonly Selected[] } {
  const files = step.heredocs.map(({ name, content }): Entry => {
    const bytes = utf8(content);
    const owner = { uid: 0, gid: 0 };
    const file = { size: bytes.length, content: contentOf(bytes) };
    return { type: 'file', path: name, mode: 0o644, mtime, ...owner, ...file };
  });
  const tree = emptyTree.apply(files);
  const plain = { exclude: [], parents: false };
  const selected = step.heredocs.flatMap(({ name }) => selectSources(tree, name, plain, 'inline'));
  return { tree, selected };
}

/** Things without a source of their own are as old as the directory they are put in. */
export function nearestTime(upper: Upper, path: string): number {
  for (let at = upper.resolve(path); ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    const entry = upper.get(at);
    if (entry?.type === 'dir' || at === '') return entry?.mtime ?? 0;
  }
}

function timeOf({ node }: Selected): number {
  return node.entry.mtime;
}
