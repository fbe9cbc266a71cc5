import type { Content } from '../../engine/layer/entry.ts';

/** A tool, and texts that its program has in it, all of them, whatever it is called and however it was linked. */
interface Signature {
  readonly what: string;
  readonly kind: 'shell' | 'package-manager';
  readonly texts: readonly string[];
}

/** Banners that a build cannot do without, and for dash, which has none, the variables it starts with. */
const SIGNATURES: readonly Signature[] = [
  { what: 'busybox', kind: 'shell', texts: ['BusyBox v', 'multi-call binary'] },
  { what: 'toybox', kind: 'shell', texts: ['toybox ', 'No help for'] },
  { what: 'bash', kind: 'shell', texts: ['GNU bash, version', 'BASH_VERSINFO'] },
  { what: 'zsh', kind: 'shell', texts: ['ZSH_VERSION', 'ZSH_EVAL_CONTEXT'] },
  { what: 'ksh', kind: 'shell', texts: ['KSH_VERSION', 'FCEDIT'] },
  { what: 'dash', kind: 'shell', texts: ['OPTIND=1\0', 'PS4=+ \0', 'PS2=> \0'] },
  { what: 'apk', kind: 'package-manager', texts: ['apk-tools', 'lib/apk/db'] },
  { what: 'dpkg', kind: 'package-manager', texts: ['package management program version', 'dpkg'] },
];

/** Programs smaller than this have no shell in them. */
const SMALLEST = 16 * 1024;
const PIECE = 1024 * 1024;
const TEXTS = SIGNATURES.flatMap(({ texts }) => texts);
const LONGEST = Math.max(...TEXTS.map(({ length }) => length));
/** One pass for all of them, since Node's program has 120 MB. No text begins with another. */
const ANY = new RegExp(TEXTS.map((text) => text.replaceAll('+', '\\+')).join('|'), 'g');

/** The shell or package manager that a file is by what is in it; only ELF files are read past their head. */
export async function toolIn(
  content: Content,
): Promise<Pick<Signature, 'what' | 'kind'> | undefined> {
  if (content.size < SMALLEST) return undefined;
  const head = await content.read(0, 4);
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46)
    return undefined;
  const seen = new Set<string>();
  const decoder = new TextDecoder('latin1');
  let text = '';
  for await (const chunk of content.stream()) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      // The end of the last piece once more: a text may lie across two.
      text = text.slice(-LONGEST) + decoder.decode(chunk.subarray(at, at + PIECE));
      const before = seen.size;
      for (const [one] of text.matchAll(ANY)) seen.add(one);
      if (seen.size === before) continue;
      const found = SIGNATURES.find(({ texts }) => texts.every((one) => seen.has(one)));
      if (found) return { what: found.what, kind: found.kind };
    }
  }
  return undefined;
}
