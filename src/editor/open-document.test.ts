import { describe, expect, it } from 'vitest';
import {
  foundOnDisk,
  isUnsaved,
  keepMine,
  opened,
  takeTheirs,
  typedInto,
  written,
} from './open-document.ts';

describe('a file in the editor', () => {
  it('is unsaved from the first key to the end of writing', () => {
    const typed = typedInto(opened('a'), 'ab');
    expect(isUnsaved(opened('a'))).toBe(false);
    expect(isUnsaved(typed)).toBe(true);
    expect(isUnsaved(written(typed, 'ab'))).toBe(false);
  });

  it('is still unsaved when more was typed while it was written', () => {
    const document = typedInto(typedInto(opened('a'), 'ab'), 'abc');
    expect(isUnsaved(written(document, 'ab'))).toBe(true);
  });

  it('follows the disk while it is clean', () => {
    expect(foundOnDisk(opened('a'), 'b')).toEqual(opened('b'));
  });

  it('does not mind its own echo', () => {
    const document = written(typedInto(typedInto(opened('a'), 'ab'), 'abc'), 'ab');
    expect(foundOnDisk(document, 'ab')).toEqual(document);
  });

  it('is in conflict when the disk changed under what is unsaved', () => {
    const document = foundOnDisk(typedInto(opened('a'), 'mine'), 'theirs');
    expect(document).toEqual({
      saved: 'a',
      text: 'mine',
      conflict: { kind: 'changed', text: 'theirs' },
    });
  });

  it('has no conflict when both wrote the same, or the disk went back', () => {
    const typed = typedInto(opened('a'), 'same');
    expect(foundOnDisk(typed, 'same')).toEqual(opened('same'));
    expect(foundOnDisk(foundOnDisk(typed, 'theirs'), 'a')).toEqual(typed);
  });

  it('keeps mine, to be written over theirs', () => {
    const document = keepMine(foundOnDisk(typedInto(opened('a'), 'mine'), 'theirs'));
    expect(document).toEqual({ saved: 'theirs', text: 'mine' });
    expect(isUnsaved(document)).toBe(true);
  });

  it('takes theirs', () => {
    const document = foundOnDisk(typedInto(opened('a'), 'mine'), 'theirs');
    expect(takeTheirs(document)).toEqual(opened('theirs'));
  });

  it('stays when its file is removed, and can be written anew', () => {
    const removed = foundOnDisk(opened('a'), undefined);
    expect(removed.conflict).toEqual({ kind: 'removed' });
    expect(isUnsaved(removed)).toBe(true);
    expect(isUnsaved(keepMine(removed))).toBe(true);
    expect(takeTheirs(removed)).toEqual(removed);
  });
});
