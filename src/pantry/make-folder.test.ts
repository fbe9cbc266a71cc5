import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

describe('making a folder', () => {
  let base = '';
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'make-folder-'));
  });
  afterAll(() => {
    rmSync(base, { recursive: true });
  });

  it('makes those above it too, and is content with one that is there', () => {
    makeFolder(join(base, 'a', 'b'));
    makeFolder(join(base, 'a', 'b'));
    expect(statSync(join(base, 'a', 'b')).isDirectory()).toBe(true);
  });

  it('fails where a file is in the way', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => {
      makeFolder(join(base, 'file'));
    }).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(() => {
      makeFolder(join(base, 'file', 'below'));
    }).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  });

  it.runIf(process.platform === 'linux')('fails where nobody can make one', () => {
    expect(() => {
      makeFolder('/proc/no/folder');
    }).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
