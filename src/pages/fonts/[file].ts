import type { APIContext } from 'astro';
import { fontCss, fontFiles } from '../../site-build/fonts.ts';

const STYLES = 'fonts.css';

export async function getStaticPaths(): Promise<{ params: { file: string } }[]> {
  const names = (await fontFiles()).map(({ name }) => name);
  return [STYLES, ...names].map((file) => ({ params: { file } }));
}

export async function GET({ params }: APIContext): Promise<Response> {
  if (params['file'] === STYLES) {
    return new Response(await fontCss(), { headers: { 'content-type': 'text/css' } });
  }
  const font = (await fontFiles()).find(({ name }) => name === params['file']);
  return font === undefined
    ? new Response(null, { status: 404 })
    : new Response(font.bytes, { headers: { 'content-type': 'font/woff2' } });
}
