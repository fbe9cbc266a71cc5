import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import { dir, file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { portImage, simpleImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import { findEverywhere } from './everywhere.ts';
import { absentEverywhere, type Forbidden } from './forbidden.ts';

const NONCE = 'caju-4f1a9d';
const said = (verdict: Verdict): string => (verdict.status === 'fail' ? verdict.found.en : 'pass');

const imageOf = (...layers: readonly (readonly Entry[])[]) =>
  portImage({ rows: layers.map((entries, index) => ({ by: `step ${index}`, entries })) });

async function look(
  forbidden: Forbidden,
  ...layers: readonly (readonly Entry[])[]
): Promise<string> {
  return said(await absentEverywhere(await imageOf(...layers), forbidden));
}

describe('names that may be nowhere', () => {
  it.each<[string, readonly string[], readonly Entry[], string]>([
    ['a file', ['.env'], [file('.env')], '`/.env` (layer 1)'],
    [
      'a folder and what is in it',
      ['**/.git'],
      [dir('app/.git'), file('app/.git/config')],
      '`/app/.git` (layer 1), and 1 more',
    ],
    [
      'a file in a folder that no entry is of',
      ['**/.git'],
      [file('app/.git/config')],
      '`/app/.git/config` (layer 1)',
    ],
    [
      'a pattern',
      ['app/*.go'],
      [file('app/main.go'), file('app/sub/main.go')],
      '`/app/main.go` (layer 1)',
    ],
    ['a link', ['secret'], [symlink('secret', '/etc/passwd')], '`/secret` (layer 1)'],
    [
      'another name of a file',
      ['secret'],
      [file('ok'), hardlink('secret', 'ok')],
      '`/secret` (layer 1)',
    ],
  ])('%s', async (_, globs, entries, found) => {
    expect(await look({ globs }, entries)).toBe(found);
  });

  it.each<[string, readonly string[], readonly Entry[]]>([
    ['is elsewhere', ['.env'], [file('app/.env')]],
    ['only begins so', ['**/.git'], [file('app/.gitignore')]],
    ['only ends so', ['**/.env'], [file('app/production.env')]],
    ['is a whiteout of what never was', ['.env'], [whiteout('.env')]],
  ])('but not what %s', async (_, globs, entries) => {
    expect(await look({ globs }, entries)).toBe('pass');
  });

  it('but for exceptions', async () => {
    const entries = [file('src/a.ts'), file('src/b.d.ts')];
    expect(await look({ globs: ['**/*.ts'], except: ['**/*.d.ts'] }, entries)).toBe(
      '`/src/a.ts` (layer 1)',
    );
    expect(await look({ globs: ['**/*.ts'], except: ['src'] }, entries)).toBe('pass');
  });
});

describe('contents that may be nowhere', () => {
  const forbidden = { contents: NONCE };

  it.each<[string, Entry, string]>([
    ['in a file', file('app/x', `TOKEN=${NONCE}\n`), 'the content is in `/app/x` (layer 1)'],
    [
      'in any file',
      file('usr/lib/libc.so', `\0\0${NONCE}\0`),
      'the content is in `/usr/lib/libc.so` (layer 1)',
    ],
  ])('are found %s', async (_, entry, found) => {
    expect(await look(forbidden, [file('ok', 'nothing'), entry])).toBe(found);
  });

  it('are found across two pieces of a large file, and as bytes', async () => {
    const size = 1024 * 1024;
    for (const before of [size - 1, size - NONCE.length, size - 4, size, 3 * size - 2]) {
      const large = file('large', `${'-'.repeat(before)}${NONCE}${'-'.repeat(100)}`);
      expect(await look(forbidden, [large])).toBe('the content is in `/large` (layer 1)');
      const bytes = new TextEncoder().encode(NONCE);
      expect(await look({ contents: bytes }, [large])).toBe('the content is in `/large` (layer 1)');
    }
    expect(await look(forbidden, [file('large', '-'.repeat(2 * size))])).toBe('pass');
  });

  it('may have bytes that are no text', async () => {
    const bytes = Uint8Array.of(0x80, 0xff, 0, 0x9d);
    expect(await look({ contents: bytes }, [file('x', Uint8Array.of(1, ...bytes))])).toContain(
      '/x',
    );
    expect(await look({ contents: bytes }, [file('x', Uint8Array.of(0x80, 0xff, 0, 0x8d))])).toBe(
      'pass',
    );
  });

  it('of another run are not these', async () => {
    expect(await look(forbidden, [file('x', 'TOKEN=caju-4f1a9e')])).toBe('pass');
  });

  it.each([
    ['ENV', { Env: [`TOKEN=${NONCE}`] }, 'the content is in `ENV TOKEN` of the image'],
    ['a label', { Labels: { token: NONCE } }, 'the content is in the configuration of the image'],
    ['CMD', { Cmd: ['app', NONCE] }, 'the content is in the configuration of the image'],
  ])('are found in %s', async (_, config, found) => {
    expect(said(await absentEverywhere(await simpleImage([], config), forbidden))).toBe(found);
  });

  it('are found in the history, where ARG leaves them', async () => {
    const by = `RUN |1 TOKEN=${NONCE} /bin/sh -c make # buildkit`;
    const image = await portImage({ rows: [{ by, entries: [] }] });
    expect(said(await absentEverywhere(image, forbidden))).toBe(
      `the content is in the history, which \`docker history\` shows: \`${by}\``,
    );
  });

  it('have to be something', async () => {
    await expect(findEverywhere(await imageOf([]), { contents: '' })).rejects.toThrow('nothing');
  });
});

describe('what a later layer takes away', () => {
  it.each<[string, readonly Entry[]]>([
    ['deletes', [whiteout('run/secret')]],
    ['deletes with its folder', [whiteout('run')]],
    ['empties its folder of', [opaque('run')]],
    ['writes over', [file('run/secret', 'nothing')]],
    ['puts a file in place of the folder of', [file('run', 'nothing')]],
  ])('is still there when it %s it', async (_, above) => {
    const image = await imageOf([dir('run')], [file('run/secret', NONCE)], above);
    const verdict = await absentEverywhere(image, { contents: NONCE });
    expect(verdict).toMatchObject({
      status: 'fail',
      found: {
        'pt-BR':
          'o conteúdo está em `/run/secret`, que a camada 3 apaga ou troca, mas que continua na camada 2',
        en: 'the content is in `/run/secret`, which layer 3 deletes or replaces, but which is still in layer 2',
      },
      where: {
        path: '/run/secret',
        layer: { index: 1, diffId: image.config.rootfs.diff_ids[1], createdBy: 'step 1' },
      },
    });
    expect(await findEverywhere(image, { contents: NONCE })).toEqual([
      { path: '/run/secret', layer: 1, visible: false, hiddenBy: 2, by: 'content' },
    ]);
  });

  it('and what it puts there again is told first', async () => {
    const image = await imageOf([file('x', NONCE)], [whiteout('x')], [file('y', NONCE)]);
    expect(said(await absentEverywhere(image, { contents: NONCE }))).toBe(
      'the content is in `/y` (layer 3), and 1 more',
    );
  });
});

describe('layers of the base', () => {
  it('are not looked at, and those above are', async () => {
    const base = await imageOf([file('usr/share/doc/a.go')]);
    const image = await portImage({ on: base, rows: [{ by: 'COPY', entries: [file('b.go')] }] });
    expect(said(await absentEverywhere(image, { globs: ['**/*.go'], base }))).toBe(
      '`/b.go` (layer 2)',
    );
    expect(said(await absentEverywhere(image, { globs: ['**/a.go'], base }))).toBe('pass');
    expect(said(await absentEverywhere(image, { globs: ['**/a.go'] }))).toContain('a.go');
  });

  it('of an image that is not built on it are looked at', async () => {
    const base = await imageOf([file('other')]);
    const image = await imageOf([file('a.go')]);
    expect(said(await absentEverywhere(image, { globs: ['**/*.go'], base }))).toContain('a.go');
  });
});
