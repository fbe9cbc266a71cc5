import { THEME_SCRIPT } from '../site-build/theme-script.ts';

export function GET(): Response {
  return new Response(THEME_SCRIPT, { headers: { 'content-type': 'text/javascript' } });
}
