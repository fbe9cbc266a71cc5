import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { baseName, parentPath } from '../engine/layer/path.ts';
import { bytesOf, directory, fileOf } from './entries.ts';
import { INTERPRETER_PACKAGES } from './layer-plan.ts';
import type { Materials } from './materials.ts';

/**
 * Compiles what this process is given on its input: pairs of the source on disk and the name it
 * has in the image, which bytecode remembers for tracebacks. Hash-based and unchecked: no dates in it.
 */
const COMPILE = `
import json, py_compile, sys
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
failed = []
for source, name, target in json.load(sys.stdin):
    try:
        py_compile.compile(source, target, name, doraise=True, invalidation_mode=mode)
    except (py_compile.PyCompileError, SyntaxError, ValueError):
        failed.append(name)
json.dump(failed, sys.stdout)
`;

/**
 * Bytecode for the Python files among some entries, by the packages' own interpreter run under its
 * own loader: Debian's i386 one runs on an amd64 kernel. Files that are no valid Python (tests,
 * templates) are left out. Rejects with `bytecode-unavailable` where the interpreter cannot run.
 */
export async function compilePython(
  entries: readonly Entry[],
  materials: Materials,
): Promise<readonly Entry[]> {
  const sources = entries.filter(
    ({ type, path }) => type === 'file' && path.endsWith('.py') && !path.startsWith('etc/'),
  );
  if (sources.length === 0) return [];
  const folder = await materials.scratch();
  try {
    const root = join(folder, 'root');
    await unpack(root, materials);
    const jobs = await Promise.all(
      sources.map(async (entry, i) => {
        const source = join(folder, `${i}.py`);
        await writeFile(source, await bytesOf(entry));
        return { entry, source, target: join(folder, `${i}.pyc`) };
      }),
    );
    const input = jobs.map(({ entry, source, target }) => [source, `/${entry.path}`, target]);
    const failed = new Set(await run(root, input));
    const compiled: Entry[] = [];
    const caches = new Set<string>();
    for (const { entry, target } of jobs) {
      if (failed.has(`/${entry.path}`)) continue;
      const cache = `${parentPath(entry.path)}/__pycache__`;
      if (!caches.has(cache)) compiled.push(directory(cache));
      caches.add(cache);
      const name = baseName(entry.path).replace(/\.py$/, '.cpython-313.pyc');
      const { uid, gid, mtime } = entry;
      compiled.push(fileOf(`${cache}/${name}`, await readFile(target), 0o644, { uid, gid, mtime }));
    }
    return compiled;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(root: string, materials: Materials): Promise<void> {
  for (const name of INTERPRETER_PACKAGES) {
    for (const entry of (await materials.deb(name)).entries) {
      if (entry.path.startsWith('usr/share/')) continue;
      const path = join(root, entry.path);
      if (entry.type === 'dir') {
        await mkdir(path, { recursive: true });
      } else if (entry.type === 'file') {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, await bytesOf(entry));
        await chmod(path, entry.mode);
      } else if (entry.type === 'symlink' && entry.target?.startsWith('/') === false) {
        await mkdir(dirname(path), { recursive: true });
        await symlink(entry.target, path);
      }
    }
  }
}

/** Runs the interpreter; resolves to the names that did not compile. */
async function run(root: string, input: unknown): Promise<readonly string[]> {
  const loaders: Readonly<Record<string, string>> = {
    'i386-linux-gnu': 'usr/lib/ld-linux.so.2',
    'x86_64-linux-gnu': 'usr/lib64/ld-linux-x86-64.so.2',
    'aarch64-linux-gnu': 'usr/lib/ld-linux-aarch64.so.1',
  };
  let failure: unknown;
  for (const [triplet, loader] of Object.entries(loaders)) {
    const command = join(root, loader);
    if ((await readFile(command).catch(() => undefined)) === undefined) continue;
    const libraries = join(root, 'usr/lib', triplet);
    const running = promisify(execFile)(
      command,
      [
        '--library-path',
        libraries,
        join(root, 'usr/bin/python3.13'),
        '-S',
        '-s',
        '-B',
        '-c',
        COMPILE,
      ],
      {
        // Sets and dictionaries are in the same order each time.
        env: { PYTHONHOME: join(root, 'usr'), PYTHONHASHSEED: '0' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    running.child.stdin?.on('error', () => undefined);
    running.child.stdin?.end(JSON.stringify(input));
    try {
      const failed: unknown = JSON.parse((await running).stdout);
      if (Array.isArray(failed)) return failed.filter((name) => typeof name === 'string');
    } catch (error) {
      failure = error;
    }
  }
  throw new EngineError(
    'bytecode-unavailable',
    'the Python of the packages cannot run here, so its libraries cannot be compiled',
    {
      hint: 'Build images for linux/386 on an amd64 Linux that can run 32-bit programs.',
      cause: failure,
    },
  );
}
