import { type GuestAddress, hostOf } from './address.ts';
import { escaped } from './page/html.ts';
import type { Problem } from './problem.ts';

export type Language = 'pt-BR' | 'en';

interface Says {
  readonly title: string;
  readonly text: string;
}

/** What a page says where there is none; `{port}` is the port's number, `backticks` become code. */
const WORDS: Readonly<Record<Language, Readonly<Record<Problem, Says>>>> = {
  'pt-BR': {
    refused: {
      title: 'Ninguém atende na porta {port}',
      text: 'A conexão foi recusada. No terminal, `docker ps` mostra o que está rodando e que portas publicou. Se o contêiner parou, `docker ps -a` diz com que código, e `docker logs` diz por quê.',
    },
    'no-machine': {
      title: 'O Linux da bancada não está rodando',
      text: 'Sem ele não há quem responda. Inicie a bancada de novo, e depois o contêiner: `docker start NOME`.',
    },
    'not-http': {
      title: 'Isso não é HTTP',
      text: 'Algo atende na porta {port}, mas não falou HTTP. Talvez seja um Redis, ou um servidor que espera TLS.',
    },
    'head-too-large': {
      title: 'Cabeçalhos sem fim',
      text: 'O servidor mandou mais de 64 KB de cabeçalhos e a resposta foi deixada de lado.',
    },
    empty: {
      title: 'A conexão fechou sem resposta',
      text: 'A porta {port} está publicada e aceitou a conexão, mas de dentro do contêiner não veio nem um byte. Veja com `docker ps` para que porta ela leva, e com `docker logs` o que o programa diz de onde escuta.',
    },
    'cut-off': {
      title: 'A resposta parou no meio',
      text: 'O servidor fechou a conexão antes de terminar. `docker logs` costuma ter o erro.',
    },
    'too-slow': {
      title: 'O servidor não respondeu a tempo',
      text: 'A conexão abriu e nada veio. Veja com `docker logs` e `docker top` o que ele está fazendo.',
    },
    'too-large': {
      title: 'Página grande demais',
      text: 'Uma página pode ter até 16 MB de HTML aqui.',
    },
    encoding: {
      title: 'Compressão desconhecida',
      text: 'O servidor comprimiu a resposta sem que ninguém pedisse, de um jeito que esta página não sabe desfazer.',
    },
    'too-many': {
      title: 'Pedidos demais ao mesmo tempo',
      text: 'A página abriu centenas de pedidos sem esperar as respostas. Pare a página e tente de novo.',
    },
    redirects: {
      title: 'Redirecionamento sem fim',
      text: 'Cada resposta manda para outra, e nenhuma é a última.',
    },
    outside: {
      title: 'O link leva para fora',
      text: 'O servidor mandou para outro endereço, e desta máquina não se chega à internet.',
    },
    forbidden: {
      title: 'A outra porta não deixa',
      text: 'O servidor da porta {port} não permite que páginas de outra porta leiam a resposta (CORS).',
    },
  },
  en: {
    refused: {
      title: 'Nobody answers at port {port}',
      text: 'The connection was refused. In the terminal, `docker ps` shows what runs and which ports it published. If the container has stopped, `docker ps -a` tells its exit code, and `docker logs` tells why.',
    },
    'no-machine': {
      title: 'The workbench’s Linux is not running',
      text: 'Without it nobody can answer. Start the workbench again, then the container: `docker start NAME`.',
    },
    'not-http': {
      title: 'This is not HTTP',
      text: 'Something answers at port {port}, but it did not speak HTTP. It may be a Redis, or a server that expects TLS.',
    },
    'head-too-large': {
      title: 'Headers without end',
      text: 'The server sent more than 64 KB of headers, and the answer was dropped.',
    },
    empty: {
      title: 'The connection closed without an answer',
      text: 'Port {port} is published and took the connection, but not a byte came from inside the container. `docker ps` shows which port it leads to, and `docker logs` what the program says about where it listens.',
    },
    'cut-off': {
      title: 'The answer stopped half way',
      text: 'The server closed the connection before it had finished. `docker logs` usually has the error.',
    },
    'too-slow': {
      title: 'The server did not answer in time',
      text: 'The connection opened and nothing came. `docker logs` and `docker top` show what it is doing.',
    },
    'too-large': {
      title: 'Too large a page',
      text: 'A page may have up to 16 MB of HTML here.',
    },
    encoding: {
      title: 'Unknown compression',
      text: 'The server compressed its answer unasked, in a way that this page cannot undo.',
    },
    'too-many': {
      title: 'Too many requests at once',
      text: 'The page made hundreds of requests without waiting for answers. Stop the page and try again.',
    },
    redirects: {
      title: 'Redirects without end',
      text: 'Each answer leads to another, and none is the last.',
    },
    outside: {
      title: 'The link leads outside',
      text: 'The server sent to another address, and this machine does not reach the internet.',
    },
    forbidden: {
      title: 'The other port does not allow it',
      text: 'The server at port {port} does not let pages of another port read its answer (CORS).',
    },
  },
};

const STYLE = `:root{color-scheme:light dark}
body{max-width:34rem;margin:12vh auto;padding:0 1.5rem;font:1.0625rem/1.55 Georgia,serif;color:light-dark(#16201d,#e6ebe8);background:light-dark(#fafbf9,#141a18)}
h1{font-size:1.5rem;line-height:1.2}
code{font-family:monospace;background:light-dark(#eceeea,#222b28);padding:.1em .3em}
.detail{font-family:monospace;font-size:.875rem;opacity:.8;overflow-wrap:anywhere}`;

export function problemPage(
  lang: Language,
  problem: Problem,
  { address, detail }: { readonly address: GuestAddress; readonly detail: string },
): string {
  const { title, text } = WORDS[lang][problem];
  const filled = (words: string): string =>
    escaped(words.replaceAll('{port}', String(address.port))).replace(
      /`([^`]+)`/g,
      '<code>$1</code>',
    );
  return (
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${filled(title)}</title>` +
    `<style>${STYLE}</style></head><body><main><h1>${filled(title)}</h1><p>${filled(text)}</p>` +
    `<p class="detail">http://${hostOf(address.port)}${escaped(address.target)}<br>${escaped(detail)}</p>` +
    '</main></body></html>'
  );
}
