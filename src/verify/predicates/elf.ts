import { rootedPath } from '../../engine/layer/path.ts';
import type { Verdict } from '../check.ts';
import { linkage, newestGlibc, type Elf } from '../elf/elf.ts';
import { elfProblem } from '../elf/fits.ts';
import { link, type Linked } from '../elf/libraries.ts';
import { readElf } from '../elf/read.ts';
import type { Image } from '../engine.ts';
import { missingAt } from '../missing.ts';
import { fileIn } from '../read.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { factsOf } from './facts.ts';
import { whereIs } from './layers.ts';

/** The ELF file at a path, links followed; undefined when there is no file or it is no ELF. */
export async function elfAt(image: Image, path: string): Promise<Elf | undefined> {
  const content = fileIn(await image.files(), rootedPath(path))?.entry.content;
  return content && (await readElf(content));
}

/**
 * The program at `path` can be loaded in this image: it is ELF for the image's processor, its
 * interpreter is there, every library it needs (and those they need) is found where the loader looks,
 * and none wants a newer glibc than the image's.
 */
export async function elfRuns(image: Image, path: string): Promise<Verdict> {
  const expected = words(
    `\`${path}\` encontra nesta imagem tudo o que precisa`,
    `\`${path}\` finds all it needs in this image`,
  );
  const bad = async (found: Words): Promise<Verdict> =>
    fail({ expected, found, where: await whereIs(image, path) });
  const elf = await elfAt(image, path);
  const tree = await image.files();
  if (!elf) return bad(notElf(tree, path));
  const at = rootedPath(path);
  const unfit = elfProblem(elf, { path: at, tree, image });
  if (unfit) return bad(unfit);
  if (linkage(elf) !== 'dynamic') return pass(describe(path, elf));
  const real = tree.resolve(at) ?? at;
  const linked = await link(tree, { path: real, elf }, factsOf(image).env.get('LD_LIBRARY_PATH'));
  return linked.problem ? bad(problemWords(linked.problem)) : pass(describe(path, elf));
}

/** The program at `path` needs no interpreter: it is linked statically (static PIE counts). */
export async function elfStatic(image: Image, path: string): Promise<Verdict> {
  const elf = await elfAt(image, path);
  const found = elf ? describe(path, elf) : notElf(await image.files(), path);
  if (elf && linkage(elf).startsWith('static')) return pass(found);
  const expected = words(
    `\`${path}\` estático, sem interpretador`,
    `\`${path}\` static, without an interpreter`,
  );
  return fail({ expected, found, where: await whereIs(image, path) });
}

/** The program at `path` has an interpreter: it is linked dynamically. */
export async function elfDynamic(image: Image, path: string): Promise<Verdict> {
  const elf = await elfAt(image, path);
  const found = elf ? describe(path, elf) : notElf(await image.files(), path);
  if (elf && linkage(elf) === 'dynamic') return pass(found);
  const expected = words(
    `\`${path}\` dinâmico, com interpretador`,
    `\`${path}\` dynamic, with an interpreter`,
  );
  return fail({ expected, found, where: await whereIs(image, path) });
}

function notElf(tree: Parameters<typeof missingAt>[0], path: string): Words {
  const at = rootedPath(path);
  if (tree.resolve(at) === undefined) return missingAt(tree, at);
  return words(`\`${path}\` não é um ELF`, `\`${path}\` is no ELF file`);
}

function describe(path: string, elf: Elf): Words {
  if (linkage(elf).startsWith('static')) {
    return words(`\`${path}\` é estático`, `\`${path}\` is static`);
  }
  const glibc = newestGlibc(elf.versionsNeeded.map(({ version }) => version));
  const list = [...elf.needed.map((name) => `\`${name}\``), ...(glibc ? [`\`${glibc}\``] : [])];
  return words(
    `\`${path}\` é dinâmico: pede \`${elf.interpreter ?? ''}\`, ${list.join(', ')}`,
    `\`${path}\` is dynamic: it asks for \`${elf.interpreter ?? ''}\`, ${list.join(', ')}`,
  );
}

function problemWords(problem: NonNullable<Linked['problem']>): Words {
  const by = `\`/${problem.by.path}\``;
  if (problem.kind === 'missing') {
    return words(
      `${by} pede a biblioteca \`${problem.library}\`, que o carregador não encontra na imagem`,
      `${by} asks for the library \`${problem.library}\`, which the loader does not find in the image`,
    );
  }
  const newest = newestGlibc(problem.library.elf.versionsDefined);
  const library = `\`/${problem.library.path}\``;
  return words(
    `${by} pede \`${problem.version}\`, e ${library} da imagem não tem${newest ? `: vai até \`${newest}\`` : ''}`,
    `${by} asks for \`${problem.version}\`, which the image's ${library} does not have${newest ? `: it goes up to \`${newest}\`` : ''}`,
  );
}
