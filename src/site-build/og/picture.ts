import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import satori from 'satori';
import sharp from 'sharp';
import { cacheFolder } from '../../curriculum/stand-ins.ts';
import { subset } from '../fonts.ts';
import type { PictureWords } from './words.ts';

/** Of the file's cache: changes whenever the drawing does. */
const DRAWING = 4;
const WIDTH = 1200;
const HEIGHT = 630;

/** The layers of the motif, the program on top: colour, and height in pixels. */
const LAYERS = [
  ['#b33f17', 34],
  ['#2c6f42', 30],
  ['#7a4f9a', 40],
  ['#3c5fa8', 84],
  ['#0f6573', 120],
] as const;

/** Draws a picture of 1200 × 630 pixels, or takes it from the cache, where it is by its words. */
export async function drawPicture(words: PictureWords): Promise<Uint8Array<ArrayBuffer>> {
  const key = createHash('sha256')
    .update(JSON.stringify([DRAWING, words]))
    .digest('hex');
  const folder = join(cacheFolder(), 'site', 'og');
  const file = join(folder, `${key}.png`);
  const there = await readFile(file).catch(() => undefined);
  if (there !== undefined) return new Uint8Array(there);
  const svg = await satori(drawing(words), {
    width: WIDTH,
    height: HEIGHT,
    fonts: [
      { name: 'Bricolage', data: (await displayFont()).buffer, weight: 600, style: 'normal' },
    ],
  });
  const png = new Uint8Array(
    await sharp(Buffer.from(svg)).png({ palette: true, effort: 4 }).toBuffer(),
  );
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.${String(process.pid)}`;
  await writeFile(temporary, png);
  await rename(temporary, file);
  return png;
}

let font: Promise<Uint8Array<ArrayBuffer>> | undefined;

function displayFont(): Promise<Uint8Array<ArrayBuffer>> {
  return (font ??= subset(
    '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
    'sfnt',
    { wght: 640 },
  ));
}

type Style = Readonly<Record<string, string | number>>;
interface Box {
  readonly type: string;
  readonly props: { readonly style: Style; readonly children?: string | readonly Box[] };
}

function box(style: Style, children?: string | readonly Box[]): Box {
  return { type: 'div', props: { style, ...(children !== undefined && { children }) } };
}

function drawing({ kicker, title }: PictureWords): never {
  const size = title.length > 90 ? 52 : title.length > 55 ? 62 : 76;
  const text = box(
    { display: 'flex', flexDirection: 'column', flex: 1, paddingRight: 60, height: '100%' },
    [
      box({ fontSize: 32, color: '#4f5d58' }, kicker),
      box({ display: 'flex', flex: 1, alignItems: 'center' }, [
        box({ fontSize: size, lineHeight: 1.08, letterSpacing: -1.5, color: '#16201d' }, title),
      ]),
      box({ fontSize: 32, color: '#16201d' }, 'Sem Distro'),
    ],
  );
  const [program, ...rest] = LAYERS.map(([background, height]) =>
    box({ background, height, marginTop: 4 }),
  );
  const stack = box(
    { display: 'flex', flexDirection: 'column', justifyContent: 'flex-end', width: 280 },
    [
      ...(program === undefined ? [] : [program]),
      box({ height: 130, marginTop: 4, border: '3px dashed #7b8984' }),
      ...rest,
      box({ height: 6, marginTop: 4, background: '#16201d' }),
    ],
  );
  const whole = box(
    {
      ...{ display: 'flex', width: WIDTH, height: HEIGHT, padding: 64, boxSizing: 'border-box' },
      ...{ background: '#fafbf9', fontFamily: 'Bricolage' },
    },
    [text, stack],
  );
  // Satori's type is React's node, which the project does not have; what it reads is this shape.
  return whole as never;
}
