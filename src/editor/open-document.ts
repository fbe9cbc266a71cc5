/**
 * One file as the editor knows it: what is on the disk, what is typed, and what became of both when
 * somebody else wrote too. Each function gives the next state; nothing typed or written is ever lost.
 */
export interface OpenDocument {
  /** What the disk had when it was last read or written; undefined for a file that is not there. */
  readonly saved: string | undefined;
  readonly text: string;
  /** The disk has something else than `saved`, and so has the editor: somebody must choose. */
  readonly conflict?: Conflict;
}

export type Conflict =
  { readonly kind: 'changed'; readonly text: string } | { readonly kind: 'removed' };

export function opened(text: string): OpenDocument {
  return { saved: text, text };
}

export function isUnsaved({ saved, text, conflict }: OpenDocument): boolean {
  return conflict !== undefined || saved !== text;
}

export function typedInto(document: OpenDocument, text: string): OpenDocument {
  return { ...document, text };
}

/** What was on its way is on the disk; more may have been typed meanwhile. */
export function written(document: OpenDocument, text: string): OpenDocument {
  return { saved: text, text: document.text };
}

/** The disk was read: `undefined` when the file is gone. Clean documents follow it. */
export function foundOnDisk(document: OpenDocument, disk: string | undefined): OpenDocument {
  const { saved, text } = document;
  // Also ends a conflict that somebody else took back.
  if (disk === text || disk === saved) return { saved: disk, text };
  if (disk === undefined) return { saved, text, conflict: { kind: 'removed' } };
  if (text === saved) return opened(disk);
  return { saved, text, conflict: { kind: 'changed', text: disk } };
}

/** The learner's text is to be written over what is there. */
export function keepMine({ text, conflict }: OpenDocument): OpenDocument {
  return { saved: conflict?.kind === 'changed' ? conflict.text : undefined, text };
}

/** What is on the disk comes into the editor; its undo history still has the learner's. */
export function takeTheirs(document: OpenDocument): OpenDocument {
  return document.conflict?.kind === 'changed' ? opened(document.conflict.text) : document;
}
