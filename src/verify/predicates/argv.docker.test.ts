import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import type { ContainerConfig } from '../../engine/oci/image.ts';
import { writeTar } from '../../engine/tar/writer.ts';
import { file, symlink } from '../../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { portImage } from '../../testing/port-image.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { argvResolves } from './argv.ts';
import { bytesOf } from '../../pantry/entries.ts';

/** What `argvResolves` says before, and what becomes of the same container in a real Docker. */
const docker = realDocker();
const google = (name: string): string => `gcr.io/distroless/${name}-debian13:nonroot`;
const NEEDED = [google('static'), google('base'), google('python3'), google('nodejs24')];

async function lacking(): Promise<string | undefined> {
  if (NO_PANTRY !== undefined || !docker) return NO_PANTRY ?? NO_DOCKER;
  const { code } = await docker.run(['image', 'inspect', ...NEEDED]);
  return code === 0 ? undefined : 'the stand-ins are not loaded under upstream names';
}
const reason = await lacking();

const x = { mode: 0o755 };
const PYTHON = file('app/a.py', 'print("ran")\n');
const NODE = file('app/a.js', 'console.log("ran")\n');

describe.skipIf(reason !== undefined)(
  `a real Docker agrees on what can be started (${reason ?? 'it is here'})`,
  () => {
    it.each<[string, ContainerConfig, readonly Entry[], boolean]>([
      ['python3', { Cmd: ['a.py'], WorkingDir: '/app' }, [PYTHON], true],
      ['python3', { Cmd: ['/app/a.py'] }, [PYTHON], true],
      ['python3', { Cmd: ['python', 'a.py'], WorkingDir: '/app' }, [PYTHON], false],
      ['python3', { Cmd: ['/bin/sh', '-c', 'python a.py'], WorkingDir: '/app' }, [PYTHON], false],
      ['python3', { Cmd: ['a.py'] }, [PYTHON], false],
      ['python3', { Cmd: ['-u', '-X', 'utf8', '/app/a.py'] }, [PYTHON], true],
      [
        'python3',
        { Entrypoint: ['/start'] },
        [file('start', '#!/usr/bin/python3\nprint("ran")', x)],
        true,
      ],
      [
        'python3',
        { Entrypoint: ['/start'] },
        [file('start', '#!/usr/bin/python3\r\nprint("ran")', x)],
        false,
      ],
      ['python3', { Entrypoint: ['/start'] }, [file('start', '#!/bin/sh\necho ran', x)], false],
      [
        'python3',
        { Entrypoint: ['/start'] },
        [file('start', '#!/usr/bin/python3\nprint("ran")')],
        false,
      ],
      [
        'python3',
        { Entrypoint: ['/v'], Cmd: ['/app/a.py'] },
        [PYTHON, symlink('v', '/usr/local/bin/python3')],
        false,
      ],
      [
        'python3',
        { Entrypoint: ['/v'], Cmd: ['/app/a.py'] },
        [PYTHON, symlink('v', '/usr/bin/python')],
        true,
      ],
      ['python3', { Entrypoint: ['python3'], Cmd: ['/app/a.py'] }, [PYTHON], true],
      ['python3', { Entrypoint: ['pythn'], Cmd: ['/app/a.py'] }, [PYTHON], false],
      [
        'python3',
        { Cmd: ['/app/a.py'] },
        [file('app/a.py', 'print("ran")', { mode: 0o600 })],
        false,
      ],
      ['nodejs24', { Cmd: ['a.js'], WorkingDir: '/app' }, [NODE], true],
      ['nodejs24', { Cmd: ['a'], WorkingDir: '/app' }, [NODE], true],
      ['nodejs24', { Cmd: ['--stack-size=900', '/app/a.js'] }, [NODE], true],
      ['nodejs24', { Cmd: ['node', 'a.js'], WorkingDir: '/app' }, [NODE], false],
      ['nodejs24', { Cmd: ['/nodejs/bin/node', '/app/a.js'] }, [NODE], false],
      ['nodejs24', { Entrypoint: ['node'], Cmd: ['/app/a.js'] }, [NODE], false],
      ['base', { Entrypoint: ['/bin/sh', '-c', '"/app"'] }, [], false],
      ['base', { Entrypoint: ['/usr/bin'] }, [], false],
      ['static', { Entrypoint: ['/etc/passwd'] }, [], false],
    ])(
      '%s with %j',
      async (name, config, entries, runs) => {
        const base = await pantryImage(google(name), 'amd64');
        const merged = { ...base.config.config, ...config };
        const image = await portImage({
          on: base,
          rows: [{ by: 'COPY', entries }],
          config: merged,
        });
        expect((await argvResolves(image)).status).toBe(runs ? 'pass' : 'fail');
        expect(await inDocker(google(name), merged, entries)).toBe(runs);
      },
      60_000,
    );

    it('with libraries: a program of base does not start on static', async () => {
      const from = (await (await pantryImage(google('base'), 'amd64')).files()).resolve(
        'lib64/ld-linux-x86-64.so.2',
      );
      const python = (await (await pantryImage(google('python3'), 'amd64')).files()).get(
        'usr/bin/python3.13',
      );
      if (from === undefined || !python) throw new Error('base has no loader');
      const copied = file('app', await bytesOf(python.entry), x);
      for (const [name, runs] of [
        ['static', false],
        ['python3', true],
      ] as const) {
        const on = await pantryImage(google(name), 'amd64');
        const config = { ...on.config.config, Entrypoint: ['/app'], Cmd: ['-c', 'print("ran")'] };
        const image = await portImage({ on, rows: [{ by: 'COPY', entries: [copied] }], config });
        expect((await argvResolves(image)).status).toBe(runs ? 'pass' : 'fail');
        expect(await inDocker(google(name), config, [copied])).toBe(runs);
      }
    }, 60_000);
  },
);

/** Whether the program of such a container prints `ran`. */
async function inDocker(
  base: string,
  { Entrypoint, Cmd, WorkingDir }: ContainerConfig,
  entries: readonly Entry[],
): Promise<boolean> {
  if (!docker) throw new Error(NO_DOCKER);
  const [program = '', ...args] = [...(Entrypoint ?? []), ...(Cmd ?? [])];
  const flags = ['-w', WorkingDir ?? '/', '--entrypoint', program];
  const id = (await docker.ok(['create', ...flags, base, ...args])).text.trim();
  try {
    if (entries.length > 0) await docker.ok(['cp', '-', `${id}:/`], { stdin: writeTar(entries) });
    return (await docker.run(['start', '-a', id])).text === 'ran\n';
  } finally {
    await docker.ok(['rm', '-f', id]);
  }
}
