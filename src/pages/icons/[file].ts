import type { APIContext } from 'astro';
import { ICON_SVG, type IconName, PNG_ICONS, pngIcon } from '../../site-build/icons.ts';

const NAMES = Object.keys(PNG_ICONS) as readonly IconName[];

export function getStaticPaths(): { params: { file: string } }[] {
  return ['icon.svg', ...NAMES].map((file) => ({ params: { file } }));
}

export async function GET({ params }: APIContext): Promise<Response> {
  const name = NAMES.find((one) => one === params['file']);
  return name === undefined
    ? new Response(ICON_SVG, { headers: { 'content-type': 'image/svg+xml' } })
    : new Response(await pngIcon(name), { headers: { 'content-type': 'image/png' } });
}
