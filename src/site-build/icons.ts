import sharp from 'sharp';

/** The mark as an icon: a program on a base, and between them what is not there. */

const SHAPES = `<rect x="2" y="2" width="24" height="6" fill="APP"/>
<rect x="2.7" y="10.7" width="22.6" height="9.1" fill="none" stroke="GONE" stroke-width="1.4" stroke-dasharray="2.6 2"/>
<rect x="2" y="22.5" width="24" height="3.5" fill="BASE"/>`;

function shapes(app: string, gone: string, base: string): string {
  return SHAPES.replace('APP', app).replace('GONE', gone).replace('BASE', base);
}

/** Without a ground, so that it follows the browser's theme; no style element: it is drawn as it is. */
export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28">
${shapes('#d9571f', '#7b8984', '#7b8984')}
</svg>
`;

/** Sizes in pixels of the square icons, by name; a maskable one has room around it. */
export const PNG_ICONS = {
  'icon-32.png': { size: 32, room: 0 },
  'icon-180.png': { size: 180, room: 0.14 },
  'icon-192.png': { size: 192, room: 0.1 },
  'icon-512.png': { size: 512, room: 0.1 },
  'icon-maskable-512.png': { size: 512, room: 0.22 },
} as const;

export type IconName = keyof typeof PNG_ICONS;

export async function pngIcon(name: IconName): Promise<Uint8Array<ArrayBuffer>> {
  const { size, room } = PNG_ICONS[name];
  const inner = 28 / (1 - 2 * room);
  const at = (inner - 28) / 2;
  const ground =
    room === 0
      ? ''
      : `<rect x="${-at}" y="${-at}" width="${inner}" height="${inner}" fill="#fafbf9"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="${-at} ${-at} ${inner} ${inner}">
${ground}${shapes('#d9571f', '#7b8984', '#16201d')}
</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer());
}
