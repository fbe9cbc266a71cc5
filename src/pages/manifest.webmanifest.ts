import { withBase } from '../i18n/href.ts';

export function GET(): Response {
  const base = import.meta.env.BASE_URL;
  const icon = (name: string, size: number, purpose: 'any' | 'maskable') => ({
    src: withBase(`/icons/${name}`, base),
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  });
  const manifest = {
    name: 'Sem Distro',
    short_name: 'Sem Distro',
    description: 'Oficina de imagens distroless no navegador',
    lang: 'pt-BR',
    start_url: withBase('/', base),
    scope: withBase('/', base),
    display: 'minimal-ui',
    background_color: '#fafbf9',
    theme_color: '#fafbf9',
    icons: [
      icon('icon-192.png', 192, 'any'),
      icon('icon-512.png', 512, 'any'),
      icon('icon-maskable-512.png', 512, 'maskable'),
    ],
  };
  return new Response(JSON.stringify(manifest), {
    headers: { 'content-type': 'application/manifest+json' },
  });
}
