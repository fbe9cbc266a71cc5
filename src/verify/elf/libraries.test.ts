import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../engine/layer/content.ts';
import type { Content, Entry } from '../../engine/layer/entry.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import { elfBytes, type ElfSpec } from '../../testing/elf.ts';
import { dir, file, symlink } from '../../testing/entries.ts';
import { fuzzRuns } from '../../testing/hostile.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { stack } from '../../testing/trees.ts';
import { fileIn } from '../read.ts';
import { linkage } from './elf.ts';
import { link, systemDirectories, type Linked } from './libraries.ts';
import { readLoaderCache } from './loader-cache.ts';
import { readElf } from './read.ts';

const LOADER = '/lib64/ld-linux-x86-64.so.2';

const elf = (path: string, spec: ElfSpec = {}): Entry =>
  file(path, elfBytes(spec), { mode: 0o755 });
const library = (path: string, spec: ElfSpec = {}): Entry => elf(path, { type: 'shared', ...spec });

/** A loader has the directories it looks in among its texts. */
const loader = elf('lib64/ld-linux-x86-64.so.2', {
  type: 'shared',
  tail: '\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0\0',
});

async function linked(tree: FileTree, path = 'app', libraryPath?: string): Promise<Linked> {
  const content = fileIn(tree, path)?.entry.content;
  const read = content && (await readElf(content));
  if (!read) throw new Error(`${path} is no ELF file`);
  return link(tree, { path: tree.resolve(path) ?? path, elf: read }, libraryPath);
}

/** What was loaded, or what stopped it: `libz.so.1 for app`, `GLIBC_2.38 of lib/libc.so.6 for app`. */
async function outcome(
  spec: ElfSpec,
  entries: readonly Entry[],
  libraryPath?: string,
): Promise<string> {
  const program = elf('app', { interpreter: LOADER, ...spec });
  const { objects, problem } = await linked(
    stack([loader, program, ...entries]),
    'app',
    libraryPath,
  );
  if (problem?.kind === 'missing') return `no ${problem.library} for ${problem.by.path}`;
  if (problem) return `no ${problem.version} in ${problem.library.path} for ${problem.by.path}`;
  return objects.map(({ path }) => path).join(' ');
}

describe('a program finds its libraries', () => {
  it.each<[string, ElfSpec, readonly Entry[], string]>([
    ['that needs none', {}, [], 'app'],
    [
      "in the loader's own directories",
      { needed: ['libz.so.1'] },
      [library('usr/lib/x86_64-linux-gnu/libz.so.1')],
      'app usr/lib/x86_64-linux-gnu/libz.so.1',
    ],
    [
      'behind links',
      { needed: ['libz.so.1'] },
      [
        symlink('lib', 'usr/lib'),
        symlink('usr/lib/libz.so.1', 'libz.so.1.3'),
        library('usr/lib/libz.so.1.3'),
      ],
      'app usr/lib/libz.so.1.3',
    ],
    [
      'that libraries need in their turn, each once',
      { needed: ['liba.so', 'libb.so'] },
      [
        library('lib/liba.so', { needed: ['libb.so', 'libc.so'] }),
        library('lib/libb.so', { needed: ['liba.so'] }),
        library('lib/libc.so'),
      ],
      'app lib/liba.so lib/libb.so lib/libc.so',
    ],
    [
      'in RUNPATH',
      { needed: ['a.so'], runpath: '/opt:/srv' },
      [library('srv/a.so')],
      'app srv/a.so',
    ],
    [
      'beside itself',
      { needed: ['a.so'], runpath: '$ORIGIN/lib/../lib' },
      [dir('lib'), library('lib/a.so')],
      'app lib/a.so',
    ],
    [
      "in its RPATH, for a library's needs too",
      { needed: ['a.so'], rpath: '/opt' },
      [library('opt/a.so', { needed: ['b.so'] }), library('opt/b.so')],
      'app opt/a.so opt/b.so',
    ],
    ['by path', { needed: ['/opt/a.so'] }, [library('opt/a.so')], 'app opt/a.so'],
    [
      'past one for another processor',
      { needed: ['a.so'] },
      [library('lib/a.so', { bits: 32, machine: 3 }), library('usr/lib/a.so')],
      'app usr/lib/a.so',
    ],
    [
      'with the versions it wants',
      { needed: ['libc.so.6'], versionsNeeded: { 'libc.so.6': ['GLIBC_2.34'] } },
      [library('lib/libc.so.6', { versionsDefined: ['GLIBC_2.34', 'GLIBC_2.36'] })],
      'app lib/libc.so.6',
    ],
    [
      'that have no versions at all, which is only warned of',
      { needed: ['a.so'], versionsNeeded: { 'a.so': ['A_1'] } },
      [library('lib/a.so')],
      'app lib/a.so',
    ],
  ])('%s', async (_, spec, entries, expected) => {
    expect(await outcome(spec, entries)).toBe(expected);
  });

  it('in LD_LIBRARY_PATH before RUNPATH and after RPATH', async () => {
    const entries = [library('rpath/a.so'), library('env/a.so'), library('runpath/a.so')];
    const needed = ['a.so'];
    expect(await outcome({ needed, runpath: '/runpath' }, entries, '/env')).toBe('app env/a.so');
    expect(await outcome({ needed, rpath: '/rpath' }, entries, '/env')).toBe('app rpath/a.so');
    expect(await outcome({ needed, runpath: '/runpath' }, entries)).toBe('app runpath/a.so');
  });
});

describe('a program does not find', () => {
  it.each<[string, ElfSpec, readonly Entry[], string]>([
    ['what is nowhere', { needed: ['libz.so.1'] }, [], 'no libz.so.1 for app'],
    [
      'what lies where no loader looks',
      { needed: ['libz.so.1'] },
      [library('usr/local/lib/libz.so.1')],
      'no libz.so.1 for app',
    ],
    [
      'what its library needs',
      { needed: ['a.so'] },
      [library('lib/a.so', { needed: ['libm.so.6'] })],
      'no libm.so.6 for lib/a.so',
    ],
    [
      "what its RUNPATH shows, on a library's behalf",
      { needed: ['a.so'], runpath: '/opt' },
      [library('opt/a.so', { needed: ['b.so'] }), library('opt/b.so')],
      'no b.so for opt/a.so',
    ],
    [
      'what is for another processor',
      { needed: ['a.so'] },
      [library('lib/a.so', { machine: 183 })],
      'no a.so for app',
    ],
    ['what is no library', { needed: ['a.so'] }, [file('lib/a.so', 'text')], 'no a.so for app'],
    [
      'versions of a newer glibc',
      {
        needed: ['libc.so.6'],
        versionsNeeded: { 'libc.so.6': ['GLIBC_2.34', 'GLIBC_2.38', 'GLIBC_2.4', 'GLIBC_2.37'] },
      },
      [library('lib/libc.so.6', { versionsDefined: ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.36'] })],
      'no GLIBC_2.38 in lib/libc.so.6 for app',
    ],
    [
      'versions that its library wants',
      { needed: ['a.so', 'libc.so.6'] },
      [
        library('lib/a.so', { versionsNeeded: { 'libc.so.6': ['GLIBC_2.40'] } }),
        library('lib/libc.so.6', { versionsDefined: ['GLIBC_2.36'] }),
      ],
      'no GLIBC_2.40 in lib/libc.so.6 for lib/a.so',
    ],
  ])('%s', async (_, spec, entries, expected) => {
    expect(await outcome(spec, entries)).toBe(expected);
  });
});

describe("musl's loader", () => {
  const musl = '/lib/ld-musl-x86_64.so.1';
  const its = library('lib/ld-musl-x86_64.so.1');

  it('is its own libc', async () => {
    const needed = ['libc.so'];
    expect(await outcome({ interpreter: musl, needed }, [its])).toBe('app lib/ld-musl-x86_64.so.1');
    expect(await outcome({ interpreter: LOADER, needed }, [its])).toBe('no libc.so for app');
  });

  it('looks where its file says, else in /lib, /usr/local/lib and /usr/lib', async () => {
    const spec = { interpreter: musl, needed: ['a.so'] };
    const entries = [its, library('usr/local/lib/a.so')];
    expect(await outcome(spec, entries)).toBe('app usr/local/lib/a.so');
    const path = file('etc/ld-musl-x86_64.path', '/lib\n/opt');
    expect(await outcome(spec, [...entries, path])).toBe('no a.so for app');
    expect(await outcome(spec, [...entries, path, library('opt/a.so')])).toBe('app opt/a.so');
  });
});

describe('a hostile ld.so.cache', () => {
  it('never fails, and ends', () => {
    const magic = new TextEncoder().encode('glibc-ld.so.cache1.1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const found = readLoaderCache(new Uint8Array([...magic, ...bytes]));
        expect(found.every(({ name, path }) => name !== '' && path !== '')).toBe(true);
      }),
      { numRuns: fuzzRuns(1000) },
    );
    expect(readLoaderCache(magic)).toEqual([]);
    expect(readLoaderCache(new Uint8Array(100))).toEqual([]);
  });
});

describe.skipIf(NO_PANTRY !== undefined)(
  `in real images (${NO_PANTRY ?? 'the pantry is here'})`,
  () => {
    it.each([
      ['gcr.io/distroless/python3-debian13', 'amd64'],
      ['gcr.io/distroless/python3-debian13', '386'],
      ['gcr.io/distroless/nodejs24-debian13', '386'],
      ['gcr.io/distroless/java21-debian13', 'amd64'],
      ['cgr.dev/chainguard/python', 'amd64'],
    ] as const)('all programs of %s for %s find all they need', async (name, architecture) => {
      const tree = await (await pantryImage(name, architecture)).files();
      let count = 0;
      for (const { entry } of tree.walk()) {
        if (entry.type !== 'file' || !entry.content || !/(?:^|\/)s?bin\//.test(entry.path))
          continue;
        const read = await readElf(entry.content);
        if (!read || linkage(read) !== 'dynamic') continue;
        const { problem } = await link(tree, { path: entry.path, elf: read });
        expect([entry.path, problem?.kind]).toEqual([entry.path, undefined]);
        count += 1;
      }
      expect(count).toBeGreaterThan(0);
    });

    it('Python does not find OpenSSL on base-nossl, nor anything on static', async () => {
      const from = await (await pantryImage('gcr.io/distroless/python3-debian13', 'amd64')).files();
      const python = from.get('usr/bin/python3.13');
      if (!python) throw new Error('there is no Python');
      const on = async (name: string): Promise<string | undefined> => {
        const tree = (await (await pantryImage(name, 'amd64')).files()).apply([python.entry]);
        const { problem } = await linked(tree, 'usr/bin/python3.13');
        return problem?.kind === 'missing' ? problem.library : undefined;
      };
      expect(await on('gcr.io/distroless/base-nossl-debian13')).toBe('libz.so.1');
      expect(await on('gcr.io/distroless/static-debian13')).toBe('libm.so.6');
      expect(await on('gcr.io/distroless/python3-debian13')).toBeUndefined();
    });
  },
);

const here = readLoaderHere();

describe.skipIf(here === undefined)(
  `glibc's own tools here say the same (${here === undefined ? 'there is no loader of glibc' : here.path})`,
  () => {
    const { path = '', bytes = new Uint8Array() } = here ?? {};

    it('of the directories in the loader', () => {
      const { stdout } = spawnSync(path, ['--list-diagnostics'], { encoding: 'utf8' });
      const theirs = [...stdout.matchAll(/^path\.system_dirs\[.*\]="\/(.*)\/"$/gm)];
      expect(systemDirectories(bytes)).toEqual(theirs.map(([, one]) => one));
    });

    it('of what is in ld.so.cache', () => {
      const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
      const theirs = [...stdout.matchAll(/^\t(\S+) \(.*\) => (\S+)$/gm)];
      const ours = readLoaderCache(readFileSync('/etc/ld.so.cache'));
      expect(ours.map(({ name, path: at }) => [name, at])).toEqual(
        theirs.map(([, name, at]) => [name, at]),
      );
    });

    it.each(['git', 'readelf', 'ls', 'gcc', 'perl', 'curl', 'openssl'])(
      'of what %s loads',
      async (name) => {
        const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
        const program = realpathSync(found === '' ? '/bin/sh' : found);
        const { stdout } = spawnSync(path, ['--list', program], { encoding: 'utf8' });
        const theirs = [...stdout.matchAll(/=> (\S+) \(0x/g)].map(([, one = '']) => one);
        const tree = hostTree([path, program]);
        const { objects, problem } = await linked(tree, program.slice(1));
        expect(problem).toBeUndefined();
        const real = (at: string): string => tree.resolve(at.slice(1)) ?? at;
        // The loader itself is loaded before anything asks for it.
        const ours = objects.slice(1).map((one) => one.path);
        expect(ours.filter((one) => one !== real(path)).sort()).toEqual(theirs.map(real).sort());
      },
    );
  },
);

function readLoaderHere(): { readonly path: string; readonly bytes: Uint8Array } | undefined {
  try {
    return { path: LOADER, bytes: readFileSync(LOADER) };
  } catch {
    return undefined;
  }
}

/** Files of this machine as an image: programs, and all that lies where libraries are. */
function hostTree(programs: readonly string[]): FileTree {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/local/lib', '/usr/lib'];
  const inside = folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /\.so(?:\.|$)/.test(name))
      .map((name) => join(folder, name)),
  );
  const top = namesIn('/').map((name) => join('/', name));
  const links = top.filter((path) => lstatSync(path).isSymbolicLink());
  return stack([...links, '/etc/ld.so.cache', ...programs, ...inside].flatMap(entriesAt));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Read when it is asked for: most is not. */
function entriesAt(path: string): readonly Entry[] {
  const stat = lstatSync(path);
  const at = path.slice(1);
  if (stat.isSymbolicLink()) {
    const target = readlinkSync(path);
    // Alternatives lead to other folders; /bin and the like lead to folders.
    const elsewhere = target.startsWith('/') && existsSync(target) ? entriesAt(target) : [];
    return [symlink(at, target), ...elsewhere];
  }
  if (!stat.isFile()) return [];
  const read = (): Content => contentOf(readFileSync(path));
  const content: Content = {
    size: stat.size,
    read: (offset, length) => read().read(offset, length),
    stream: () => read().stream(),
  };
  return [{ ...file(at, '', { mode: 0o755 }), size: stat.size, content }];
}
