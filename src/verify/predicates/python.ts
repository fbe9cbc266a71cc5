import { baseName, joinPath, parentPath, rootedPath } from '../../engine/layer/path.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { elfAt } from './elf.ts';
import { whereIs } from './layers.ts';
import { pythonOf, type PythonFacts } from './python-path.ts';

/** `markupsafe/_speedups.cpython-313-x86_64-linux-gnu.so`: the version, then the platform. */
const EXTENSION = /\.cpython-(\d)(\d+t?)(?:-([\w.-]+?))?\.so$/;

/** As the platform of an extension's name begins, by the architecture of images. */
const PLATFORMS: Readonly<Record<string, string>> = {
  ...{ amd64: 'x86_64', arm64: 'aarch64', '386': 'i386', arm: 'arm', s390x: 's390x' },
  ...{ ppc64le: 'powerpc64le', riscv64: 'riscv64' },
};

/**
 * Every `*.cpython-3NN-*.so` of the image is made for the image's Python and processor and C library. Others are not
 * found by `import`, and packages that have a slower way then take it without a word.
 */
export async function pythonAbi(image: Image): Promise<Verdict> {
  const python = await pythonOf(image);
  if (!python) return notPython(image);
  const { architecture } = image.config;
  const platform = PLATFORMS[architecture];
  const musl = (await elfAt(image, python.interpreter))?.interpreter?.includes('musl') === true;
  const isFor = (made: string | undefined): boolean =>
    made === undefined ||
    ((platform === undefined || made.startsWith(`${platform}-`)) &&
      (made.endsWith('-musl') === musl || !/-(?:gnu|musl)/.test(made)));
  let count = 0;
  for (const { entry } of (await image.files()).walk()) {
    const [, major, minor, made] = EXTENSION.exec(entry.path) ?? [];
    if (major === undefined || minor === undefined || entry.type === 'dir') continue;
    count += 1;
    if (`${major}.${minor}` === python.version && isFor(made)) continue;
    const its = made === undefined ? '' : ` (${made})`;
    return fail({
      expected: words(
        `extensões em C para Python ${python.version} (${architecture}), como \`${python.interpreter}\``,
        `C extensions for Python ${python.version} (${architecture}), as \`${python.interpreter}\` is`,
      ),
      found: words(
        `\`/${entry.path}\` é para Python ${major}.${minor}${its}`,
        `\`/${entry.path}\` is for Python ${major}.${minor}${its}`,
      ),
      where: await whereIs(image, entry.path),
    });
  }
  return pass(
    words(
      `extensões em C: ${count}, todas para Python ${python.version}`,
      `C extensions: ${count}, all for Python ${python.version}`,
    ),
  );
}

/** `import name` finds a package or module: on PYTHONPATH, in the venv, in site- or dist-packages. */
export async function pythonFinds(image: Image, name: string): Promise<Verdict> {
  const python = await pythonOf(image);
  if (!python) return notPython(image);
  const tree = await image.files();
  const at = python.path
    .map((path) => moduleIn(tree, rootedPath(path), name, python))
    .find((found) => found !== undefined);
  if (at !== undefined) return pass(words(`\`/${at}\``, `\`/${at}\``));
  const elsewhere = findAnywhere(tree, name);
  const expected = words(
    `\`import ${name}\` encontra o módulo`,
    `\`import ${name}\` finds the module`,
  );
  const looked = python.path.map((path) => `\`${path}\``).join(', ');
  if (elsewhere === undefined) {
    return fail({
      expected,
      found: words(
        `\`${name}\` não está na imagem; o Python procura em ${looked}`,
        `\`${name}\` is not in the image; Python looks in ${looked}`,
      ),
    });
  }
  return fail({
    expected,
    found: words(
      `\`${name}\` está em \`/${parentPath(elsewhere)}\`, onde o Python não procura: ele procura em ${looked}`,
      `\`${name}\` is in \`/${parentPath(elsewhere)}\`, where Python does not look: it looks in ${looked}`,
    ),
    where: await whereIs(image, elsewhere),
  });
}

/** The path of a module in a directory of sys.path: a package, a source, an extension or its bytecode. */
function moduleIn(
  tree: FileTree,
  directory: string,
  name: string,
  { version }: PythonFacts,
): string | undefined {
  const at = tree.resolve(directory);
  if (at === undefined) return undefined;
  const base = joinPath(at, name.replaceAll('.', '/'));
  const ends = new RegExp(`^(?:cpython-${version.replace('.', '')}-.*\\.|abi3\\.)?so$`);
  const start = `${baseName(base)}.`;
  const files = [
    joinPath(base, '__init__.py'),
    joinPath(base, '__init__.pyc'),
    `${base}.py`,
    `${base}.pyc`,
  ];
  const file = files.find((path) => tree.resolve(path) !== undefined);
  if (file !== undefined) return file.includes('/__init__.') ? base : file;
  const extension = tree
    .list(parentPath(base))
    .find((one) => one.startsWith(start) && ends.test(one.slice(start.length)));
  if (extension !== undefined) return joinPath(parentPath(base), extension);
  // A directory without __init__ is a package, too.
  return tree.list(base).some((one) => /\.(?:py|so)$/.test(one)) ? base : undefined;
}

function findAnywhere(tree: FileTree, name: string): string | undefined {
  const ends = [`/${name.replaceAll('.', '/')}/__init__.py`, `/${name.replaceAll('.', '/')}.py`];
  for (const { entry } of tree.walk()) {
    const path = `/${entry.path}`;
    if (path.endsWith(ends[0] ?? '')) return parentPath(entry.path);
    if (path.endsWith(ends[1] ?? '') && /(?:site|dist)-packages\//.test(path)) return entry.path;
  }
  return undefined;
}

function notPython(image: Image): Verdict {
  const { Entrypoint, Cmd } = image.config.config;
  const said = `\`${JSON.stringify([...(Entrypoint ?? []), ...(Cmd ?? [])])}\``;
  const found: Words = words(
    `o comando é ${said}, e não leva a um Python`,
    `the command is ${said}, which leads to no Python`,
  );
  return fail({ expected: words('um processo de Python', 'a process of Python'), found });
}
