import { escaped } from '../../preview/page/html.ts';

const WORDS = {
  pt: {
    lang: 'pt-BR',
    title: 'Esta página só existe dentro da bancada',
    text: 'Quem responde neste endereço é um contêiner que roda na aba da oficina. Abra o laboratório, inicie o contêiner e veja a página no painel “Página”.',
  },
  en: {
    lang: 'en',
    title: 'This page only exists inside the workbench',
    text: 'What answers at this address is a container that runs in the workshop’s tab. Open the lab, start the container, and see the page in the panel “Page”.',
  },
} as const;

/** What the service worker answers when no tab has a workbench, or somebody opens the address in a tab of its own. */
export function noBenchPage(language: string): string {
  const { lang, title, text } = language.startsWith('pt') ? WORDS.pt : WORDS.en;
  return (
    `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>${escaped(title)}</title>` +
    '<style>:root{color-scheme:light dark}body{max-width:34rem;margin:12vh auto;padding:0 1.5rem;' +
    'font:1.0625rem/1.55 Georgia,serif}</style>' +
    `<h1>${escaped(title)}</h1><p>${escaped(text)}</p></html>`
  );
}
