import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import { bytesOf } from '../../pantry/entries.ts';
import { elfBytes } from '../../testing/elf.ts';
import { file, hardlink, opaque, symlink, whiteout } from '../../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { portImage, simpleImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { noShell } from './shell.ts';
import { findTools } from './tools.ts';

const x = { mode: 0o755 };
const PADDING = '\0'.repeat(20_000);
/** Looks like a program with these texts in it. */
const withTexts = (...texts: readonly string[]): Uint8Array =>
  elfBytes({ tail: `${PADDING}${texts.join('\0')}${PADDING}` });
const BUSYBOX = withTexts('BusyBox v1.37.0 (Debian 1:1.37.0)', 'is a multi-call binary that');
const DASH = withTexts('OPTIND=1', 'PS4=+ ', 'PS2=> ', '');

const said = (verdict: Verdict): string => (verdict.status === 'fail' ? verdict.found.en : 'pass');
const look = async (...entries: readonly Entry[]): Promise<string> =>
  said(await noShell(await simpleImage(entries)));

describe('a shell is found', () => {
  it.each<[string, readonly Entry[], string]>([
    ['by name', [file('bin/sh', elfBytes(), x)], 'a shell: `/bin/sh`'],
    ['in any folder', [file('opt/tools/bash', elfBytes(), x)], 'a shell: `/opt/tools/bash`'],
    ['by a link', [symlink('bin/ash', '/app'), file('app', elfBytes(), x)], 'a shell: `/bin/ash`'],
    [
      'by another name of a file',
      [file('app', elfBytes(), x), hardlink('bin/sh', 'app')],
      'a shell: `/bin/sh`',
    ],
    [
      'renamed',
      [file('bin/init', BUSYBOX, x)],
      'a shell: `/bin/init` is busybox under another name',
    ],
    [
      'renamed, not executable',
      [file('data.bin', BUSYBOX)],
      'a shell: `/data.bin` is busybox under another name',
    ],
    ['that is dash', [file('x', DASH, x)], 'a shell: `/x` is dash under another name'],
    [
      'that is bash',
      [file('x', withTexts('GNU bash, version %s', 'BASH_VERSINFO'), x)],
      'a shell: `/x` is bash under another name',
    ],
    [
      'of many',
      [file('bin/bash', elfBytes(), x), file('bin/sh', elfBytes(), x)],
      'a shell: `/bin/bash`, and 1 more',
    ],
    [
      'among package managers',
      [file('bin/apt', elfBytes(), x), file('bin/sh', elfBytes(), x)],
      'a shell: `/bin/sh`, and 1 more',
    ],
  ])('%s', async (_, entries, found) => {
    expect(await look(...entries)).toBe(found);
  });

  it('across two pieces of a large file', async () => {
    for (const before of [1024 * 1024 - 5, 1024 * 1024 - 300, 3_000_000]) {
      const tail = `${'\0'.repeat(before)}BusyBox v1.36.1${PADDING}multi-call binary`;
      expect(await look(file('x', elfBytes({ tail }), x))).toContain('busybox');
    }
  });
});

describe('a package manager is found', () => {
  it.each<[string, readonly Entry[], string]>([
    ['by name', [file('usr/bin/apt-get', elfBytes(), x)], 'a package manager: `/usr/bin/apt-get`'],
    [
      'as a script',
      [file('venv/bin/pip3.13', '#!/usr/bin/python3', x)],
      'a package manager: `/venv/bin/pip3.13`',
    ],
    [
      'as a module of Python',
      [file('site/lib/python3.13/site-packages/pip/__main__.py', 'x')],
      'a package manager: `/site/lib/python3.13/site-packages/pip/__main__.py` (pip)',
    ],
    [
      'as a module in a directory of PYTHONPATH',
      [file('site/pip/__main__.py', 'x')],
      'a package manager: `/site/pip/__main__.py` (pip)',
    ],
    [
      'renamed',
      [file('x', withTexts('apk-tools 3.0', '/lib/apk/db'), x)],
      'a package manager: `/x` is apk under another name',
    ],
  ])('%s', async (_, entries, found) => {
    expect(await look(...entries)).toBe(found);
    const image = await simpleImage(entries);
    expect(said(await noShell(image, { packageManagers: false }))).toBe('pass');
  });
});

describe('no shell is', () => {
  it.each<[string, readonly Entry[]]>([
    ['a script for one', [file('usr/bin/ldd', '#! /bin/bash\necho', x)]],
    ['a record of its package', [file('var/lib/dpkg/status.d/bash', 'Package: bash')]],
    ['its completions', [file('usr/share/bash-completion/completions/dpkg', 'complete')]],
    ['a folder of its name', [file('usr/share/doc/bash/copyright', 'GPL')]],
    ['a link to nothing', [symlink('bin/sh', '/bin/busybox')]],
    ['a settings file', [file('etc/cron.daily/dpkg', '#!/bin/sh', x)]],
    ['a text that speaks of one', [file('README', `${PADDING}BusyBox v1 is a multi-call binary`)]],
    ['a program that says BusyBox', [file('app', withTexts('BusyBox v1 is not here'), x)]],
    ['a program that sets PS4', [file('app', withTexts('PS4=+ '), x)]],
  ])('%s', async (_, entries) => {
    expect(await look(...entries)).toBe('pass');
  });
});

describe('a shell in a lower layer', () => {
  const deletedBy = (...entries: readonly Entry[]): Promise<Image> =>
    portImage({
      rows: [
        { by: 'ADD rootfs', entries: [file('bin/tool', BUSYBOX, x), symlink('bin/sh', 'tool')] },
        { by: 'RUN rm', entries },
      ],
    });

  it.each<[string, readonly Entry[]]>([
    ['deleted', [whiteout('bin/tool'), whiteout('bin/sh')]],
    ['deleted with its folder', [whiteout('bin')]],
    ['in a folder that was emptied', [opaque('bin')]],
    ['written over', [file('bin/tool', 'nothing'), whiteout('bin/sh')]],
  ])('%s cannot be run, and is still there', async (_, entries) => {
    const image = await deletedBy(...entries);
    expect(said(await noShell(image))).toBe('pass');
    const verdict = await noShell(image, { everyLayer: true });
    expect(said(verdict)).toBe(
      'a shell: `/bin/tool` is busybox under another name, deleted by a layer above but still in the image',
    );
    expect(verdict).toMatchObject({
      where: { path: '/bin/tool', layer: { index: 0, createdBy: 'ADD rootfs' } },
    });
  });

  it('that is not deleted can be run', async () => {
    expect(said(await noShell(await deletedBy()))).toContain('`/bin/tool` is busybox');
  });
});

describe.skipIf(NO_PANTRY !== undefined)(
  `real images (${NO_PANTRY ?? 'the pantry is here'})`,
  () => {
    const architectures = ['amd64', '386'] as const;
    const each = (names: readonly string[]) =>
      architectures.flatMap((architecture) =>
        names.map((name): readonly [string, 'amd64' | '386'] => [name, architecture]),
      );

    it.each(
      each([
        ...['static', 'base', 'cc', 'python3', 'nodejs24', 'java21'].map(
          (name) => `gcr.io/distroless/${name}-debian13`,
        ),
        'cgr.dev/chainguard/static',
        'cgr.dev/chainguard/python',
      ]),
    )(
      '%s for %s has none',
      async (name, architecture) => {
        const image = await pantryImage(name, architecture);
        expect(await findTools(image)).toEqual([]);
        expect(said(await noShell(image, { everyLayer: true }))).toBe('pass');
      },
      60_000,
    );

    it.each(
      each([
        'busybox:1.37',
        'debian:trixie-slim',
        'gcr.io/distroless/static-debian13:debug',
        'gcr.io/distroless/base-debian13:debug',
      ]).concat([['cgr.dev/chainguard/python:latest-dev', 'amd64']]),
    )(
      '%s for %s has one',
      async (name, architecture) => {
        const tools = await findTools(await pantryImage(name, architecture));
        const shells = tools.filter(({ kind }) => kind === 'shell');
        expect(shells.map(({ by }) => by)).toContain('content');
      },
      60_000,
    );

    it.each([
      ['busybox:1.37', 'bin/busybox', 'busybox'],
      ['debian:trixie-slim', 'usr/bin/bash', 'bash'],
      ['debian:trixie-slim', 'usr/bin/dash', 'dash'],
      ['debian:trixie-slim', 'usr/bin/dpkg', 'dpkg'],
    ])("%s's %s is found under any name", async (name, path, what) => {
      for (const architecture of architectures) {
        const entry = (await (await pantryImage(name, architecture)).files()).get(path)?.entry;
        if (!entry) throw new Error(`${path} is missing`);
        const image = await simpleImage([file('srv/agent', await bytesOf(entry), x)]);
        expect(await findTools(image)).toMatchObject([{ path: '/srv/agent', what, by: 'content' }]);
      }
    });
  },
);
