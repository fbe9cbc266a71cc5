import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { file } from '../../testing/entries.ts';
import type { Deb } from '../packages/deb.ts';
import { wheelhouse, wheelOf } from './wheelhouse.ts';

const MODULES = 'usr/lib/python3/dist-packages';

function deb(files: Readonly<Record<string, string>>): Deb {
  const entries = Object.entries(files).map(([path, text]) => file(path, text));
  return { control: new Map([['Package', 'python3-x']]), controlFiles: new Map(), entries };
}

async function contents(of: Deb, requires: readonly string[] = []) {
  const { file: name, bytes } = await wheelOf(of, requires);
  const files = Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([path, data]) => [path, new TextDecoder().decode(data)]),
  );
  return { name, bytes, files };
}

const PURE = deb({
  [`${MODULES}/flask/__init__.py`]: 'import werkzeug\n',
  [`${MODULES}/flask/__pycache__/x.pyc`]: 'compiled',
  [`${MODULES}/flask-3.1.1.dist-info/METADATA`]:
    'Metadata-Version: 2.4\nName: Flask\nVersion: 3.1.1\n\nVersion: of the text\n',
  [`${MODULES}/flask-3.1.1.dist-info/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: flit\n',
  [`${MODULES}/flask-3.1.1.dist-info/INSTALLER`]: 'debian',
  [`${MODULES}/flask-3.1.1.dist-info/entry_points.txt`]:
    '[console_scripts]\nflask = flask.cli:main\n',
  'usr/bin/flask': '#!/usr/bin/python3\n',
  'usr/share/doc/python3-flask/copyright': 'BSD-3-clause\n',
});

describe('a wheel of a Debian package', () => {
  test('has the modules, the metadata and the licence, and nothing of Debian', async () => {
    const { name, files } = await contents(PURE);
    expect(name).toBe('flask-3.1.1-py3-none-any.whl');
    expect(Object.keys(files)).toEqual([
      'flask/__init__.py',
      'flask-3.1.1.dist-info/entry_points.txt',
      'flask-3.1.1.dist-info/METADATA',
      'flask-3.1.1.dist-info/WHEEL',
      'flask-3.1.1.dist-info/licenses/copyright',
      'flask-3.1.1.dist-info/RECORD',
    ]);
    expect(files['flask-3.1.1.dist-info/WHEEL']).toBe(
      'Wheel-Version: 1.0\nGenerator: semdistro pantry\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    );
  });

  test('records every file with its hash and size', async () => {
    const { files } = await contents(PURE);
    const rows = (files['flask-3.1.1.dist-info/RECORD'] ?? '').trimEnd().split('\n');
    const text = files['flask/__init__.py'] ?? '';
    const hash = createHash('sha256').update(text).digest('base64url');
    expect(rows[0]).toBe(`flask/__init__.py,sha256=${hash},${text.length}`);
    expect(rows.at(-1)).toBe('flask-3.1.1.dist-info/RECORD,,');
    expect(rows).toHaveLength(6);
  });

  test('of old metadata, with an extension module, is for its platform', async () => {
    const { name, files } = await contents(
      deb({
        [`${MODULES}/markupsafe/_speedups.cpython-313-i386-linux-gnu.so`]: 'ELF',
        [`${MODULES}/MarkupSafe-2.1.5.egg-info/PKG-INFO`]: 'Name: MarkupSafe\nVersion: 2.1.5\n',
        [`${MODULES}/MarkupSafe-2.1.5.egg-info/requires.txt`]: '',
      }),
    );
    expect(name).toBe('markupsafe-2.1.5-cp313-cp313-linux_i686.whl');
    expect(files['markupsafe-2.1.5.dist-info/WHEEL']).toContain('Root-Is-Purelib: false\n');
    expect(files).not.toHaveProperty('markupsafe-2.1.5.dist-info/requires.txt');
  });

  test('takes its own metadata, not that of what it has inside', async () => {
    const { name } = await contents(
      deb({
        [`${MODULES}/big/_vendor/other-1.0.dist-info/METADATA`]: 'Name: other\nVersion: 1.0\n',
        [`${MODULES}/big-2.0.dist-info/METADATA`]: 'Name: big\nVersion: 2.0\n',
      }),
    );
    expect(name).toBe('big-2.0-py3-none-any.whl');
  });

  test('says what Debian made it need, in the head of its metadata', async () => {
    const { files } = await contents(PURE, ['decorator']);
    expect(files['flask-3.1.1.dist-info/METADATA']).toBe(
      'Metadata-Version: 2.4\nName: Flask\nVersion: 3.1.1\nRequires-Dist: decorator\n\nVersion: of the text\n',
    );
  });

  test('has the same bytes each time', async () => {
    expect((await contents(PURE)).bytes).toEqual((await contents(PURE)).bytes);
  });

  test('is not made of a package without metadata', async () => {
    await expect(wheelOf(deb({ [`${MODULES}/x.py`]: '' }))).rejects.toThrow(
      /python3-x is no Python package/,
    );
  });
});

test('the folder has one file for each package', async () => {
  const entries = await wheelhouse(
    { kind: 'wheelhouse', into: '/wheels', packages: [{ package: 'python3-flask', requires: [] }] },
    async () => PURE,
  );
  expect(entries.map(({ path }) => path)).toEqual([
    'wheels',
    'wheels/flask-3.1.1-py3-none-any.whl',
  ]);
});
