import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import subsetFont from 'subset-font';

/**
 * The site's fonts: taken from the Fontsource packages, cut down to the letters that Portuguese and
 * English need and to the weights that the styles use, and served from the site itself.
 */

/** ASCII, the accents of Portuguese (and a few of its neighbours), and the marks that lessons use. */
export const LETTERS =
  Array.from({ length: 95 }, (_, at) => String.fromCodePoint(0x20 + at)).join('') +
  'áàâãäéèêëíìîïóòôõöúùûüçñÁÀÂÃÉÊÍÓÔÕÚÜÇ' +
  '\u00a0«»“”‘’‚„–—…·•→←↑↓×÷±−°ºª§©µ€≤≥≠½²³✓✗';

interface Face {
  readonly id: string;
  readonly family: string;
  readonly style: 'normal' | 'italic';
  /** As in CSS: one weight, or the range of a variable font. */
  readonly weight: string;
  readonly file: string;
  readonly axes?: Readonly<Record<string, number | { readonly min: number; readonly max: number }>>;
  /** Whether every page needs it for its first view. */
  readonly preload: boolean;
}

const FACES: readonly Face[] = [
  {
    id: 'text',
    family: 'Source Serif',
    style: 'normal',
    weight: '400 700',
    file: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2',
    axes: { wght: { min: 400, max: 700 } },
    preload: true,
  },
  {
    id: 'text-italic',
    family: 'Source Serif',
    style: 'italic',
    weight: '400',
    file: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2',
    axes: { wght: 400 },
    preload: false,
  },
  {
    id: 'display',
    family: 'Bricolage',
    style: 'normal',
    // One weight, for titles and labels alike: two would cost what the text's whole range does.
    weight: '400 800',
    file: '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
    axes: { wght: 640 },
    preload: true,
  },
  {
    id: 'code',
    family: 'Plex Mono',
    style: 'normal',
    weight: '400',
    file: '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2',
    preload: false,
  },
];

/** What a reader sees until the font is there, stretched to about its width so that nothing jumps. */
const FALLBACKS = `@font-face{font-family:"Source Serif Fallback";src:local("Georgia");size-adjust:95%}
@font-face{font-family:"Bricolage Fallback";src:local("Arial"),local("Liberation Sans");size-adjust:97%}
`;

/** One font as the site serves it; the name has a hash of the bytes. */
export interface FontFile {
  readonly face: Face;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

let made: Promise<readonly FontFile[]> | undefined;

/** All fonts, cut once a build. */
export function fontFiles(): Promise<readonly FontFile[]> {
  made ??= Promise.all(FACES.map(cut));
  return made;
}

async function cut(face: Face): Promise<FontFile> {
  const bytes = await subset(face.file, 'woff2', face.axes);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { face, name: `${face.id}.${hash}.woff2`, bytes };
}

/** A font of a package with the site's letters only; `sfnt` is what drawing pictures needs. */
export async function subset(
  file: string,
  format: 'woff2' | 'sfnt',
  axes?: Face['axes'],
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = await readFile(createRequire(import.meta.url).resolve(file));
  const options = axes === undefined ? {} : { variationAxes: { ...axes } };
  return new Uint8Array(await subsetFont(whole, LETTERS, { targetFormat: format, ...options }));
}

/** The style sheet that declares them; its addresses are relative to itself. */
export async function fontCss(): Promise<string> {
  const faces = (await fontFiles()).map(
    ({ face, name }) =>
      `@font-face{font-family:"${face.family}";font-style:${face.style};font-weight:${face.weight};` +
      `font-display:swap;src:url("${name}") format("woff2")}\n`,
  );
  return FALLBACKS + faces.join('');
}
