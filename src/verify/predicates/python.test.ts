import { describe, expect, it } from 'vitest';
import type { Entry } from '../../engine/layer/entry.ts';
import type { ContainerConfig } from '../../engine/oci/image.ts';
import { elfBytes } from '../../testing/elf.ts';
import { writeTar } from '../../engine/tar/writer.ts';
import { dir, file, symlink } from '../../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { portImage, simpleImage } from '../../testing/port-image.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import type { Verdict } from '../check.ts';
import { factsOf } from './facts.ts';
import { pythonOf } from './python-path.ts';
import { pythonAbi, pythonFinds } from './python.ts';

const x = { mode: 0o755 };
const said = (verdict: Verdict): string => (verdict.status === 'fail' ? verdict.found.en : 'pass');

/** Debian's Python and upstream's, as far as their files say where they look. */
const DEBIAN = [
  file('usr/bin/python3.13', elfBytes(), x),
  symlink('usr/bin/python3', 'python3.13'),
  file('usr/lib/python3.13/site.py', 'x = "dist-packages"'),
  dir('usr/lib/python3.13/lib-dynload'),
];
const UPSTREAM = [
  file('usr/local/bin/python3.13', elfBytes(), x),
  symlink('usr/local/bin/python3', 'python3.13'),
  file('usr/local/lib/python3.13/site.py', 'x = "site-packages"'),
];
const FLASK = 'flask/__init__.py';

const SCRIPT = { Entrypoint: ['/usr/bin/python3'], Cmd: ['app.py'], WorkingDir: '/app' };
const APP = file('app/app.py');

interface Case {
  readonly config: ContainerConfig;
  readonly entries: readonly Entry[];
}

const debian = (config: ContainerConfig, ...entries: readonly Entry[]): Case => ({
  config: { ...SCRIPT, ...config },
  entries: [...DEBIAN, APP, ...entries],
});

const finds = async ({ config, entries }: Case, name = 'flask'): Promise<string> =>
  said(await pythonFinds(await simpleImage(entries, config), name));

const VENV = [
  symlink('venv/bin/python3', '/usr/bin/python3'),
  file('venv/pyvenv.cfg', 'home = /usr/bin\ninclude-system-site-packages = false\n'),
];

describe('a package is found', () => {
  it.each<[string, Case]>([
    ['beside the script', debian({}, file(`app/${FLASK}`))],
    ['in the working directory with -m', debian({ Cmd: ['-m', 'flask'] }, file(`app/${FLASK}`))],
    ['on PYTHONPATH', debian({ Env: ['PYTHONPATH=/x:/site'] }, file(`site/${FLASK}`))],
    ['on PYTHONPATH from WORKDIR', debian({ Env: ['PYTHONPATH=deps'] }, file(`app/deps/${FLASK}`))],
    ["in Debian's dist-packages", debian({}, file(`usr/lib/python3/dist-packages/${FLASK}`))],
    [
      "in Debian's own for /usr/local",
      debian({}, file(`usr/local/lib/python3.13/dist-packages/${FLASK}`)),
    ],
    [
      "in the user's",
      debian(
        { Env: ['HOME=/home/me'] },
        file(`home/me/.local/lib/python3.13/site-packages/${FLASK}`),
      ),
    ],
    [
      "in upstream's site-packages",
      {
        config: { Cmd: ['python3', '-m', 'flask'] },
        entries: [...UPSTREAM, file(`usr/local/lib/python3.13/site-packages/${FLASK}`)],
      },
    ],
    [
      'in a venv',
      debian(
        { Entrypoint: ['/venv/bin/python3'] },
        ...VENV,
        file(`venv/lib/python3.13/site-packages/${FLASK}`),
      ),
    ],
    [
      'in a venv whose script is started',
      debian(
        { Entrypoint: ['/venv/bin/flask'], Cmd: ['run'] },
        ...VENV,
        file('venv/bin/flask', '#!/venv/bin/python3\n', x),
        file(`venv/lib/python3.13/site-packages/${FLASK}`),
      ),
    ],
    [
      'outside of a venv that says so',
      debian(
        { Entrypoint: ['/venv/bin/python3'] },
        VENV[0] ?? APP,
        file('venv/pyvenv.cfg', 'include-system-site-packages = true'),
        file(`usr/lib/python3/dist-packages/${FLASK}`),
      ),
    ],
    ['that is one file', debian({}, file('app/flask.py'))],
    ['that is an extension', debian({}, file('app/flask.cpython-313-x86_64-linux-gnu.so'))],
    ['that is an extension for any version', debian({}, file('app/flask.abi3.so'))],
    ['that is only bytecode', debian({}, file('app/flask/__init__.pyc'))],
    ['that has no __init__', debian({}, file('app/flask/app.py'))],
  ])('%s', async (_, one) => {
    expect(await finds(one)).toBe('pass');
  });

  it('within a package', async () => {
    const one = debian({}, file(`app/${FLASK}`), file('app/flask/json/provider.py'));
    expect(await finds(one, 'flask.json.provider')).toBe('pass');
    expect(await finds(one, 'flask.json.nothing')).toContain('is not in the image');
  });
});

describe('a package is not found', () => {
  it.each<[string, Case, string]>([
    [
      'that nobody copied',
      debian({}),
      '`flask` is not in the image; Python looks in `/app`, `/usr/lib/python3.13`',
    ],
    [
      "in upstream's folder by Debian's Python",
      debian({}, file(`usr/local/lib/python3.13/site-packages/${FLASK}`)),
      '`flask` is in `/usr/local/lib/python3.13/site-packages`, where Python does not look',
    ],
    [
      "in another version's folder",
      debian({}, file(`usr/local/lib/python3.11/dist-packages/${FLASK}`)),
      '`flask` is in `/usr/local/lib/python3.11/dist-packages`, where',
    ],
    [
      'off PYTHONPATH',
      debian({ Env: ['PYTHONPATH=/sites'] }, file(`site/${FLASK}`)),
      '`flask` is in `/site`, where',
    ],
    [
      'in a venv that is not used',
      debian({}, ...VENV, file(`venv/lib/python3.13/site-packages/${FLASK}`)),
      '`flask` is in `/venv/lib/python3.13/site-packages`, where',
    ],
    [
      'in a venv of another version',
      debian(
        { Entrypoint: ['/venv/bin/python3'] },
        ...VENV,
        file(`venv/lib/python3.11/site-packages/${FLASK}`),
      ),
      '`flask` is in `/venv/lib/python3.11/site-packages`, where',
    ],
    [
      'outside of its venv',
      debian(
        { Entrypoint: ['/venv/bin/python3'] },
        ...VENV,
        file(`usr/lib/python3/dist-packages/${FLASK}`),
      ),
      '`flask` is in `/usr/lib/python3/dist-packages`, where',
    ],
    [
      'that only begins so',
      debian({}, file('app/flasky/__init__.py'), file('app/flask.txt')),
      '`flask` is not in the image',
    ],
    [
      'that is an extension for another version',
      debian({}, file('app/flask.cpython-311-x86_64-linux-gnu.so')),
      '`flask` is not in the image',
    ],
    [
      'where there is no Python',
      { config: { Cmd: ['/app'] }, entries: [file('app', elfBytes(), x)] },
      'the command is `["/app"]`, which leads to no Python',
    ],
    [
      'where the venv leads to nothing',
      {
        config: { Cmd: ['/v/bin/python3'] },
        entries: [symlink('v/bin/python3', '/usr/local/bin/python3')],
      },
      'which leads to no Python',
    ],
  ])('%s', async (_, one, found) => {
    expect(await finds(one)).toContain(found);
  });
});

describe('C extensions', () => {
  const abi = async (name: string, architecture = 'amd64'): Promise<string> => {
    const entries = [...DEBIAN, APP, file(`site/markupsafe/${name}`)];
    const python = file(
      'usr/bin/python3.13',
      elfBytes({ machine: architecture === '386' ? 3 : 62 }),
      x,
    );
    return said(await pythonAbi(await simpleImage([...entries, python], SCRIPT, architecture)));
  };

  it.each([
    ['_speedups.cpython-313-x86_64-linux-gnu.so', 'amd64'],
    ['_speedups.cpython-313-i386-linux-gnu.so', '386'],
    ['_speedups.cpython-313.so', 'amd64'],
    ['_speedups.abi3.so', 'amd64'],
    ['libsomething.so', 'amd64'],
    ['_speedups.py', 'amd64'],
  ])('%s fit %s', async (name, architecture) => {
    expect(await abi(name, architecture)).toBe('pass');
  });

  it.each([
    ['_speedups.cpython-311-x86_64-linux-gnu.so', 'amd64', 'for Python 3.11 (x86_64-linux-gnu)'],
    ['_speedups.cpython-314-x86_64-linux-gnu.so', 'amd64', 'for Python 3.14 (x86_64-linux-gnu)'],
    ['_speedups.cpython-313-aarch64-linux-gnu.so', 'amd64', 'for Python 3.13 (aarch64-linux-gnu)'],
    ['_speedups.cpython-313-x86_64-linux-musl.so', 'amd64', 'for Python 3.13 (x86_64-linux-musl)'],
    ['_speedups.cpython-313-x86_64-linux-gnu.so', '386', 'for Python 3.13 (x86_64-linux-gnu)'],
    ['_speedups.cpython-313t-x86_64-linux-gnu.so', 'amd64', 'for Python 3.13t (x86_64-linux-gnu)'],
  ])('%s do not fit %s', async (name, architecture, found) => {
    expect(await abi(name, architecture)).toBe(`\`/site/markupsafe/${name}\` is ${found}`);
  });
});

const docker = realDocker();
const GOOGLE = 'gcr.io/distroless/python3-debian13:nonroot';
const there =
  (await docker?.run(['image', 'inspect', GOOGLE, 'python:3.13-slim-trixie']))?.code === 0;
const reason = NO_PANTRY ?? (docker ? (there ? undefined : `${GOOGLE} is not loaded`) : NO_DOCKER);

describe.skipIf(reason !== undefined)(
  `sys.path in a real Docker (${reason ?? 'it is here'})`,
  () => {
    const PRINT =
      'import json, os, sys; print(json.dumps([p for p in map(os.path.realpath, sys.path) if os.path.exists(p)]))';
    const folders = [
      'usr/lib/python3.13/dist-packages',
      'site',
      'usr/local/lib/python3.13/dist-packages',
      'usr/lib/python3/dist-packages',
      'home/nonroot/.local/lib/python3.13/site-packages',
      'app/deps',
    ];

    it.each<[string, string, ContainerConfig, readonly Entry[]]>([
      [
        'of Google',
        GOOGLE,
        { Entrypoint: ['/usr/bin/python3.13'] },
        folders.map((path) => dir(path)),
      ],
      [
        'of Google with PYTHONPATH',
        GOOGLE,
        {
          Entrypoint: ['/usr/bin/python3'],
          Env: ['PYTHONPATH=/site:deps:/none'],
          WorkingDir: '/app',
        },
        folders.map((path) => dir(path)),
      ],
      [
        'in a venv',
        GOOGLE,
        { Entrypoint: ['/venv/bin/python3'] },
        [...VENV, dir('venv/lib/python3.13/site-packages'), ...folders.map((path) => dir(path))],
      ],
      [
        'in a venv that shares',
        GOOGLE,
        { Entrypoint: ['/venv/bin/python3'] },
        [
          VENV[0] ?? APP,
          file('venv/pyvenv.cfg', 'home = /usr/bin\ninclude-system-site-packages = true\n'),
          dir('venv/lib/python3.13/site-packages'),
          ...folders.map((path) => dir(path)),
        ],
      ],
      [
        'of upstream',
        'python:3.13-slim-trixie',
        { Entrypoint: ['python3'] },
        folders.map((path) => dir(path)),
      ],
      [
        'of Chainguard',
        'cgr.dev/chainguard/python:latest',
        { Entrypoint: ['/usr/bin/python'] },
        [dir('usr/lib/python3.13/site-packages'), ...folders.map((path) => dir(path))],
      ],
      [
        'of Chainguard, in a venv',
        'cgr.dev/chainguard/python:latest',
        { Entrypoint: ['/venv/bin/python3'] },
        [
          ...VENV,
          dir('venv/lib/python3.13/site-packages'),
          dir('usr/lib/python3.13/site-packages'),
        ],
      ],
    ])(
      '%s is as computed',
      async (_, base, config, entries) => {
        if (!docker) return;
        const pantry = await pantryImage(base, 'amd64');
        const merged: ContainerConfig = {
          ...pantry.config.config,
          ...config,
          Env: [...(pantry.config.config.Env ?? []), ...(config.Env ?? [])],
          Cmd: ['-c', PRINT],
        };
        const image = await portImage({
          on: pantry,
          rows: [{ by: 'COPY', entries }],
          config: merged,
        });
        const { workingDir } = factsOf(image);
        const created = await docker.ok([
          'create',
          ...(config.Env ?? []).flatMap((pair) => ['-e', pair]),
          ...['-w', workingDir, '--entrypoint', config.Entrypoint?.[0] ?? '', base, '-c', PRINT],
        ]);
        const id = created.text.trim();
        try {
          await docker.ok(['cp', '-', `${id}:/`], { stdin: writeTar(entries) });
          const printed: unknown = JSON.parse((await docker.ok(['start', '-a', id])).text);
          expect((await pythonOf(image))?.path).toEqual(printed);
        } finally {
          await docker.ok(['rm', '-f', id]);
        }
      },
      60_000,
    );
  },
);
