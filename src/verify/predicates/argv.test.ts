import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import type { ContainerConfig } from '../../engine/oci/image.ts';
import { elfBytes, type ElfSpec } from '../../testing/elf.ts';
import { dir, file, symlink } from '../../testing/entries.ts';
import { simpleImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import { argvResolves, effectiveArgv, healthcheckResolves, programResolves } from './argv.ts';

const program = (path: string, spec: ElfSpec = {}): Entry =>
  file(path, elfBytes(spec), { mode: 0o755 });
const script = (path: string, text: string): Entry => file(path, text, { mode: 0o755 });

const node = program('nodejs/bin/node');
const python = [
  program('usr/bin/python3.13'),
  symlink('usr/bin/python3', 'python3.13'),
  symlink('usr/bin/python', 'python3'),
];
const java = program('usr/bin/java');

/** `pass`, or what was found, in English. */
const said = (verdict: Verdict): string => (verdict.status === 'fail' ? verdict.found.en : 'pass');

async function argv(config: ContainerConfig, ...entries: readonly Entry[]): Promise<string> {
  return said(await argvResolves(await simpleImage(entries, config)));
}

const NODE = ['/nodejs/bin/node'];
const PYTHON = ['/usr/bin/python3.13'];
const JAVA = ['/usr/bin/java', '-jar'];

describe('a command that can be started', () => {
  it.each<[string, ContainerConfig, readonly Entry[]]>([
    ['has its program', { Entrypoint: ['/app'] }, [program('app')]],
    ['may be CMD alone', { Entrypoint: null, Cmd: ['/app'] }, [program('app')]],
    ['is found in PATH', { Cmd: ['app'], Env: ['PATH=/x:/opt'] }, [program('opt/app')]],
    ["is found in the engine's own PATH", { Cmd: ['app'] }, [program('usr/local/bin/app')]],
    [
      'is found behind what is not executable',
      { Cmd: ['app'], Env: ['PATH=/a:/b'] },
      [file('a/app', elfBytes()), program('b/app')],
    ],
    ['begins at WORKDIR', { Cmd: ['./app'], WorkingDir: '/srv' }, [program('srv/app')]],
    ['is behind links', { Cmd: ['/a'] }, [symlink('a', '/b'), symlink('b', 'c'), program('c')]],
    [
      'has its interpreter',
      { Cmd: ['/app'] },
      [program('app', { interpreter: '/lib64/ld.so' }), program('lib64/ld.so')],
    ],
    [
      'is a script with its program',
      { Cmd: ['/a'] },
      [script('a', '#!/usr/bin/python3\n'), ...python],
    ],
    [
      'is a script that asks env',
      { Cmd: ['/a'] },
      [script('a', '#!/usr/bin/env -S python3 -u\n'), program('usr/bin/env'), ...python],
    ],
    [
      'gives Node its script',
      { Entrypoint: NODE, Cmd: ['a.js'], WorkingDir: '/x' },
      [node, file('x/a.js')],
    ],
    [
      'gives Node a script without its ending',
      { Entrypoint: NODE, Cmd: ['/a'] },
      [node, file('a.js')],
    ],
    [
      'gives Node options and a script',
      { Entrypoint: NODE, Cmd: ['--enable-source-maps', '-r', './x.js', '/a.js', 'b'] },
      [node, file('a.js')],
    ],
    ['gives Node text to run', { Entrypoint: NODE, Cmd: ['-e', '1'] }, [node]],
    [
      'gives Python its script',
      { Entrypoint: PYTHON, Cmd: ['-u', '/app.py'] },
      [...python, file('app.py')],
    ],
    [
      'gives Python a folder',
      { Entrypoint: PYTHON, Cmd: ['/app'] },
      [...python, file('app/__main__.py')],
    ],
    ['gives Python a module', { Entrypoint: PYTHON, Cmd: ['-m', 'flask', 'run'] }, python],
    [
      'gives Python options with values',
      { Entrypoint: PYTHON, Cmd: ['-X', 'dev', '-uW', 'error', '/a.py'] },
      [...python, file('a.py')],
    ],
    ['gives Java its jar', { Entrypoint: JAVA, Cmd: ['a.jar'] }, [java, file('a.jar')]],
    ['gives Java a class', { Cmd: ['java', '-cp', '/x', 'Main'] }, [java]],
    [
      'is the shell form where there is a shell',
      { Cmd: ['/bin/sh', '-c', 'app'] },
      [program('bin/sh')],
    ],
    [
      'is allowed to its user',
      { Cmd: ['/home/me/app'], User: '1000:7' },
      [
        dir('home/me', { mode: 0o710, uid: 5, gid: 7 }),
        file('home/me/app', elfBytes(), { mode: 0o700, uid: 1000 }),
      ],
    ],
  ])('%s', async (_, config, entries) => {
    expect(await argv(config, ...entries)).toBe('pass');
  });
});

describe('a command that cannot be started', () => {
  it.each<[string, ContainerConfig, readonly Entry[], string]>([
    ['is none', {}, [], 'neither ENTRYPOINT nor CMD'],
    ['has no program', { Cmd: ['/app'] }, [program('bin/app')], '`/app` is not in the image'],
    [
      'is not in PATH',
      { Cmd: ['app'], Env: ['PATH=/usr/bin'] },
      [program('app')],
      '`app` is in no directory of PATH (`/usr/bin`)',
    ],
    [
      'is a link to nothing',
      { Cmd: ['/a'] },
      [symlink('a', 'b'), symlink('b', '/usr/c')],
      '`/a` is a link that leads nowhere: `/usr/c` is not in the image',
    ],
    ['is a folder', { Cmd: ['/app'] }, [dir('app')], '`/app` is a directory'],
    [
      'is not executable',
      { Cmd: ['/app'] },
      [file('app', elfBytes())],
      'not executable for user 0 (mode 0644, owner 0:0)',
    ],
    [
      'in PATH is not executable',
      { Cmd: ['app'], Env: ['PATH=/o'] },
      [file('o/app', elfBytes())],
      '`/o/app` is not executable',
    ],
    [
      'is not allowed to its user',
      { Cmd: ['/app'], User: '9' },
      [file('app', elfBytes(), { mode: 0o744 })],
      'not executable for user 9 (mode 0744',
    ],
    [
      'is in a closed folder',
      { Cmd: ['/root/app'], User: '9' },
      [dir('root', { mode: 0o700 }), program('root/app')],
      'user 9 may not enter `/root`',
    ],
    [
      'is neither ELF nor script',
      { Cmd: ['/app'] },
      [script('app', 'echo hello')],
      'neither ELF nor a script',
    ],
    [
      'is for another processor',
      { Cmd: ['/app'] },
      [program('app', { machine: 183 })],
      '`/app` is for `arm64`, and the image is `amd64`',
    ],
    [
      'is a library',
      { Cmd: ['/app'] },
      [program('app', { type: 'shared', soname: 'libapp.so' })],
      'a library, not a program',
    ],
    [
      'lacks its interpreter',
      { Cmd: ['/app'] },
      [program('app', { interpreter: '/lib64/ld.so' })],
      'asks for the interpreter `/lib64/ld.so`: `/lib64/ld.so` is not in the image',
    ],
    [
      'is a script for nobody',
      { Cmd: ['/a'] },
      [script('a', '#!/bin/sh\n')],
      '`/a` is a script for `/bin/sh`: `/bin/sh` is not in the image',
    ],
    [
      'is a script from Windows',
      { Cmd: ['/a'] },
      [script('a', '#!/usr/bin/python3\r\n'), ...python],
      'CRLF',
    ],
    [
      'asks env for nobody',
      { Cmd: ['/a'] },
      [script('a', '#!/usr/bin/env ruby\n'), program('usr/bin/env')],
      '`ruby` is in no directory of PATH',
    ],
    ['is a script for itself', { Cmd: ['/a'] }, [script('a', '#!/a\n')], 'scripts without end'],
    [
      'is the shell form',
      { Cmd: ['/bin/sh', '-c', '/app'] },
      [program('app')],
      'it is the shell form of `/app`, and `/bin/sh` is not in the image',
    ],
    [
      'is the shell form with quotes',
      { Entrypoint: ['/bin/sh', '-c', '"/app"'] },
      [program('app')],
      'quotes without brackets are shell form, too',
    ],
    [
      'starts Node twice',
      { Entrypoint: NODE, Cmd: ['node', 'a.js'], WorkingDir: '/app' },
      [node, file('app/a.js')],
      'starts Node already, which is given `node` as if it were the script; `/app/node` is not in the image',
    ],
    [
      'starts Node twice by path',
      { Entrypoint: NODE, Cmd: ['/nodejs/bin/node', '/a.js'] },
      [node, file('a.js')],
      'starts Node already, which is given `/nodejs/bin/node`',
    ],
    [
      'gives Node the shell form',
      { Entrypoint: NODE, Cmd: ['/bin/sh', '-c', 'node a.js'] },
      [node],
      'the shell form becomes arguments',
    ],
    [
      'gives Node a script that is elsewhere',
      { Entrypoint: NODE, Cmd: ['a.js'], WorkingDir: '/app' },
      [node, file('a.js')],
      'Node is given the script `a.js`; `/app/a.js` is not in the image',
    ],
    [
      'starts Python twice',
      { Entrypoint: PYTHON, Cmd: ['python', 'a.py'] },
      [...python, file('a.py')],
      'starts Python already',
    ],
    [
      'starts Python twice by path',
      { Entrypoint: PYTHON, Cmd: ['/usr/bin/python3', '/a.py'] },
      [...python, file('a.py')],
      'starts Python already',
    ],
    [
      'gives Python a script its user may not read',
      { Entrypoint: PYTHON, Cmd: ['/a.py'], User: '9' },
      [...python, file('a.py', '', { mode: 0o600 })],
      'user 9 may not read `/a.py`',
    ],
    [
      'starts Java twice',
      { Entrypoint: JAVA, Cmd: ['java', '-jar', 'a.jar'] },
      [java, file('a.jar')],
      'starts Java already',
    ],
    [
      'leads out of a venv to nothing',
      { Cmd: ['/v/bin/python'] },
      [symlink('v/bin/python', '/usr/local/bin/python3.11'), ...python],
      '`/usr/local/bin/python3.11` is not in the image',
    ],
    [
      'is a script of a venv that leads to nothing',
      { Cmd: ['/v/bin/flask'] },
      [
        script('v/bin/flask', '#!/v/bin/python\n'),
        symlink('v/bin/python', '/usr/local/bin/python3'),
        ...python,
      ],
      '`/usr/local/bin/python3` is not in the image',
    ],
  ])('%s', async (_, config, entries, found) => {
    expect(await argv(config, ...entries)).toContain(found);
  });

  it('says where, in both languages, and what the command is', async () => {
    const image = await simpleImage([script('app/run', '#!/bin/bash\n')], { Cmd: ['/app/run'] });
    expect(await argvResolves(image)).toEqual({
      status: 'fail',
      expected: {
        'pt-BR': 'ENTRYPOINT e CMD juntos dão um comando que a imagem pode iniciar',
        en: 'ENTRYPOINT and CMD together make a command that the image can start',
      },
      found: {
        'pt-BR':
          'o comando é `["/app/run"]`: `/app/run` é um script para `/bin/bash`: `/bin/bash` não existe na imagem',
        en: 'the command is `["/app/run"]`: `/app/run` is a script for `/bin/bash`: `/bin/bash` is not in the image',
      },
      where: {
        instruction: ['ENTRYPOINT', 'CMD'],
        path: '/app/run',
        layer: { index: 0, diffId: image.config.rootfs.diff_ids[0], createdBy: 'COPY . .' },
      },
    });
  });

  it('may be another than the image has', async () => {
    const image = await simpleImage([program('app')], { Entrypoint: ['/app'], Cmd: ['-x'] });
    expect(effectiveArgv(image)).toEqual(['/app', '-x']);
    expect(effectiveArgv(image, ['y'])).toEqual(['/app', 'y']);
    expect(said(await programResolves(image, '/app'))).toBe('pass');
    expect(said(await programResolves(image, 'app'))).toContain('in no directory of PATH');
  });
});

describe('a health check', () => {
  const health = async (Test: readonly string[], ...entries: readonly Entry[]): Promise<string> =>
    said(await healthcheckResolves(await simpleImage(entries, { Healthcheck: { Test } })));

  it('is there, and its program with it', async () => {
    expect(await health(['CMD', '/usr/bin/python3', '-c', 'x'], ...python)).toBe('pass');
    expect(await health(['CMD-SHELL', 'curl localhost'], program('bin/sh'))).toBe('pass');
  });

  it.each<[readonly string[], string]>([
    [[], 'the image has no HEALTHCHECK'],
    [['NONE'], 'the image has no HEALTHCHECK'],
    [
      ['CMD-SHELL', 'curl -f localhost'],
      'it is the shell form of `curl -f localhost`, and `/bin/sh` is not in the image',
    ],
    [['CMD', 'curl', '-f', 'localhost'], '`curl` is in no directory of PATH'],
    [['CMD', '/usr/bin/python3', '/check.py'], '`/check.py` is not in the image'],
  ])('%j fails', async (test, found) => {
    expect(await health(test, ...python)).toContain(found);
  });
});
