import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { aliasLine, quoted } from './own-name.ts';

const root = mkdtempSync(join(tmpdir(), 'semdistro-path-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('semdistro as a command', () => {
  it('needs an alias where it is not in PATH, and none where it is', () => {
    expect(aliasLine({ PATH: root }, 'linux')).toMatch(
      /^alias semdistro='node .*\/src\/cli\/bin\.mjs'$/,
    );
    expect(aliasLine({}, 'linux')).toBeDefined();
    writeFileSync(join(root, 'semdistro'), '');
    expect(aliasLine({ PATH: `/nowhere:${root}` }, 'linux')).toBeUndefined();
    expect(aliasLine({ PATH: '' }, 'win32')).toBeUndefined();
  });

  it('what npx adds to PATH for itself does not count', () => {
    const folder = join(root, 'node_modules', '.bin');
    execFileSync('mkdir', ['-p', folder]);
    writeFileSync(join(folder, 'semdistro'), '');
    expect(aliasLine({ PATH: folder }, 'linux')).toBeDefined();
  });

  it.each(['plain/path', 'with space', "it's", '$HOME `x` "y"'])(
    'a shell reads %s back',
    (word) => {
      const said = execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' });
      expect(said).toBe(word);
    },
  );
});
