import type { APIContext } from 'astro';
import { allPages } from '../site-build/pages.ts';
import { sitemap } from '../site-build/sitemap.ts';

export async function GET({ site }: APIContext): Promise<Response> {
  const text = sitemap(await allPages(), {
    site: site ?? new URL('http://localhost/'),
    base: import.meta.env.BASE_URL,
  });
  return new Response(text, { headers: { 'content-type': 'application/xml' } });
}
