import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';

const root = mkdtempSync(join(tmpdir(), 'semdistro-chromium-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

function programs(...names: readonly string[]): string {
  const folder = mkdtempSync(join(root, 'path-'));
  for (const name of names) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

describe('the Chromium of the tests', () => {
  const chrome = programs('google-chrome');
  const both = programs('google-chrome', 'chromium');

  it.each([
    ['is the first on the PATH', { PATH: ['/nowhere', chrome].join(delimiter) }, chrome],
    ['is Debian’s before another', { PATH: [chrome, both].join(delimiter) }, both],
  ])('%s', (_, env, folder) => {
    const name = folder === both ? 'chromium' : 'google-chrome';
    expect(findChromium(env)).toBe(join(folder, name));
  });

  it('is the one that CHROMIUM names', () => {
    expect(findChromium({ PATH: both, CHROMIUM: '/opt/mine' })).toBe('/opt/mine');
  });

  it('is none where there is none, and that is an error where it is required', () => {
    const path = programs();
    writeFileSync(join(path, 'chromium'), 'not a program');
    expect(findChromium({ PATH: path })).toBeUndefined();
    const required = { SEMDISTRO_TEST_CHROMIUM_REQUIRED: '1' };
    expect(() => findChromium({ PATH: path, ...required })).toThrow('needs Chromium');
    expect(findChromium({ PATH: chrome, ...required })).toBe(join(chrome, 'google-chrome'));
  });
});
