import type { APIContext } from 'astro';
import { withBase } from '../i18n/href.ts';

export function GET({ site }: APIContext): Response {
  const map = new URL(
    withBase('/sitemap.xml', import.meta.env.BASE_URL),
    site ?? 'http://localhost/',
  );
  return new Response(`User-agent: *\nAllow: /\n\nSitemap: ${map.href}\n`);
}
