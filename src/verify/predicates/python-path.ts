import { baseName, joinPath, parentPath, rootedPath } from '../../engine/layer/path.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { Image } from '../engine.ts';
import { textIn } from '../read.ts';
import { effectiveArgv } from './argv.ts';
import { factsOf } from './facts.ts';
import { findProgram, type Program } from './program.ts';
import { runtimeOf } from './runtime.ts';
import { userOf } from './user.ts';

/** Where `import` looks in an image, without what `.pth` files add. */
export interface PythonFacts {
  /** `3.13`. */
  readonly version: string;
  /** The program as it was found, absolute. */
  readonly interpreter: string;
  /** `sys.path`: absolute, in order; only directories and archives that are there. */
  readonly path: readonly string[];
}

/** The Python that the image's process runs, directly or for a script; undefined when there is none. */
export async function pythonOf(image: Image): Promise<PythonFacts | undefined> {
  const argv = effectiveArgv(image);
  const program = await findProgram(image, argv[0] ?? '');
  if (!program.ok) return undefined;
  const python = program.interpreter ?? program;
  if (runtimeOf(python) !== 'python') return undefined;
  const tree = await image.files();
  const version = versionOf(tree, python);
  if (version === undefined) return undefined;
  const { env } = factsOf(image);
  const places = [
    ...startOf(image, argv, program),
    ...(env.get('PYTHONPATH') ?? '').split(':').filter((path) => path !== ''),
    ...(await libraries(image, tree, python, version)),
  ].map(
    (path) =>
      `/${rootedPath(path.startsWith('/') ? path : `${factsOf(image).workingDir}/${path}`)}`,
  );
  const there = [...new Set(places)].filter((path) => tree.resolve(rootedPath(path)) !== undefined);
  return { version, interpreter: `/${python.path}`, path: there };
}

/** From the name of the program, or for a plain `python3` from the libraries beside it. */
function versionOf(
  tree: FileTree,
  { file }: Extract<Program, { readonly ok: true }>,
): string | undefined {
  const named = /^python(\d+\.\d+)$/.exec(baseName(file.path))?.[1];
  if (named !== undefined) return named;
  const library = joinPath(parentPath(parentPath(file.path)), 'lib');
  return tree.list(library).flatMap((name) => /^python(\d+\.\d+)$/.exec(name)?.[1] ?? [])[0];
}

/** The first entry: the script's directory, or the working directory for `-m` and `-c`. */
function startOf(
  image: Image,
  argv: readonly string[],
  program: Extract<Program, { readonly ok: true }>,
): readonly string[] {
  const { workingDir } = factsOf(image);
  if (program.interpreter) return [`/${parentPath(program.file.path)}`];
  const script = argv.slice(1).find((arg) => !arg.startsWith('-'));
  const module = argv.slice(1).findIndex((arg) => /^-[bBdEiIOPqsSuv]*[mc]/.test(arg));
  const first = argv.slice(1).indexOf(script ?? '');
  if (script === undefined || (module >= 0 && module < first)) return [workingDir];
  const at = rootedPath(script.startsWith('/') ? script : `${workingDir}/${script}`);
  return [`/${parentPath(at)}`];
}

/** Standard library and installed packages, of a venv when the program is in one. */
async function libraries(
  image: Image,
  tree: FileTree,
  python: Extract<Program, { readonly ok: true }>,
  version: string,
): Promise<readonly string[]> {
  const base = `/${parentPath(parentPath(python.file.path))}`;
  const standard = `${base}/lib/python${version}`;
  const zip = `${base}/lib/python${version.replace('.', '')}.zip`;
  const venv = await venvOf(tree, python.path);
  const { home } = await userOf(image);
  const user = `${factsOf(image).env.get('HOME') ?? home}/.local/lib/python${version}/site-packages`;
  const usual = (prefix: string): string => `${prefix}/lib/python${version}/site-packages`;
  const debian = await says(tree, `${standard}/site.py`, 'dist-packages');
  // Where somebody has changed Debian's ways, this is the file to do it in.
  const changed = debian && (await says(tree, `${standard}/sitecustomize.py`, 'site-packages'));
  const packages = (prefix: string): readonly string[] =>
    debian
      ? [
          ...(venv ? [usual(prefix)] : []),
          `${prefix}/local/lib/python${version}/dist-packages`,
          `${prefix}/lib/python3/dist-packages`,
          `${prefix}/lib/python${version}/dist-packages`,
        ]
      : [usual(prefix)];
  const shared = venv?.system === false ? [] : [user, ...packages(base)];
  return [
    ...[zip, standard, `${standard}/lib-dynload`],
    ...(venv ? packages(`/${venv.root}`) : []),
    ...shared,
    ...(changed && shared.length > 0 ? [usual(base)] : []),
  ];
}

async function says(tree: FileTree, path: string, word: string): Promise<boolean> {
  return (await textIn(tree, rootedPath(path)))?.includes(word) === true;
}

interface Venv {
  readonly root: string;
  /** `include-system-site-packages`. */
  readonly system: boolean;
}

/** Python looks for pyvenv.cfg beside the program it was started as and one directory up, links not followed. */
async function venvOf(tree: FileTree, path: string): Promise<Venv | undefined> {
  for (const root of [parentPath(path), parentPath(parentPath(path))]) {
    const text = await textIn(tree, joinPath(root, 'pyvenv.cfg'));
    if (text === undefined) continue;
    return { root, system: /^\s*include-system-site-packages\s*=\s*true\s*$/im.test(text) };
  }
  return undefined;
}
