import { missingAt } from '../missing.ts';
import type { FileTree } from '../../engine/layer/tree.ts';
import type { Image } from '../engine.ts';
import { words, type Words } from '../words.ts';
import type { Elf } from './elf.ts';
import { linkage } from './elf.ts';

/** Why the kernel cannot start an ELF file in an image: another processor, or its interpreter is missing. */
export function elfProblem(
  elf: Elf,
  { path, tree, image }: { readonly path: string; readonly tree: FileTree; readonly image: Image },
): Words | undefined {
  const { architecture } = image.config;
  if (!runsOn(elf, architecture)) {
    const its = elf.architecture ?? `e_machine ${elf.machine}`;
    return words(
      `\`/${path}\` é para \`${its}\`, e a imagem é \`${architecture}\``,
      `\`/${path}\` is for \`${its}\`, and the image is \`${architecture}\``,
    );
  }
  if (elf.type === 'other' || linkage(elf) === 'library') {
    // The loader itself is a library that can be started.
    if (/(?:^|\/)ld[-.][^/]*$/.test(path)) return undefined;
    return words(
      `\`/${path}\` é uma biblioteca, não um programa`,
      `\`/${path}\` is a library, not a program`,
    );
  }
  const { interpreter } = elf;
  if (interpreter === undefined) return undefined;
  const at = tree.resolve(interpreter.replace(/^\/+/, ''));
  if (at !== undefined && tree.get(at)?.entry.type === 'file') return undefined;
  const why = missingAt(tree, interpreter.replace(/^\/+/, ''));
  return words(
    `\`/${path}\` é dinâmico e pede o interpretador \`${interpreter}\`: ${why['pt-BR']}`,
    `\`/${path}\` is dynamic and asks for the interpreter \`${interpreter}\`: ${why.en}`,
  );
}

/** A processor of 64 bits runs programs of the 32 bits before it. */
export function runsOn(elf: Elf, architecture: string): boolean {
  return (
    elf.architecture === architecture || (architecture === 'amd64' && elf.architecture === '386')
  );
}
