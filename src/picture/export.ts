import { coloursOf } from '../dom/colours.ts';
import type { Language } from '../i18n/languages.ts';
import { COLOUR_NAMES } from './colours.ts';
import type { DiffModel } from './diff.ts';
import { historyDiffSvg } from './diff-svg.ts';
import { FONTS } from './svg.ts';

/** A picture in more pixels than it is drawn in, for slides and good screens. */
const PNG_SCALE = 2;

/** Saves the diff as it looks in the theme of the moment. Rejects where the browser cannot draw it. */
export async function save(
  format: 'svg' | 'png',
  figure: HTMLElement,
  model: DiffModel,
  lang: Language,
): Promise<void> {
  const colours = coloursOf(figure, COLOUR_NAMES);
  const fontFaces = await fontFacesOf(document);
  const svg = historyDiffSvg(model, { lang, colours, fontFaces });
  const drawn = new Blob([svg], { type: 'image/svg+xml' });
  const blob = format === 'svg' ? drawn : await paint(drawn);
  const link = document.createElement('a');
  const url = URL.createObjectURL(blob);
  link.href = url;
  link.download = `${figure.id}.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}

/** The page's fonts that the picture uses, inside of their rules: an image may fetch nothing. */
async function fontFacesOf(page: Document): Promise<string> {
  const families = Object.values(FONTS).map((list) => list.split(',', 1)[0]?.replaceAll("'", ''));
  const rules = [...page.styleSheets].flatMap(({ cssRules }) => [...cssRules]);
  const faces = rules.filter((rule) => rule instanceof CSSFontFaceRule);
  const wanted = faces.filter(({ style }) => {
    const family = style.getPropertyValue('font-family').replace(/["']/g, '');
    return families.includes(family) && style.getPropertyValue('font-style') !== 'italic';
  });
  return (await Promise.all(wanted.map(inlined))).join('\n');
}

async function inlined(rule: CSSFontFaceRule): Promise<string> {
  const source = rule.style.getPropertyValue('src');
  const path = /url\("?([^")]+)"?\)/.exec(source)?.[1];
  if (path === undefined) return '';
  const answer = await fetch(new URL(path, rule.parentStyleSheet?.href ?? location.href));
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return rule.cssText.replace(source, `url(data:font/woff2;base64,${data}) format("woff2")`);
}

async function paint(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * PNG_SCALE;
    canvas.height = image.height * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('the browser drew no picture'));
        else resolve(blob);
      });
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
