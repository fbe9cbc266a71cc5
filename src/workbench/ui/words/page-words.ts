import type { LogEntry } from '../../../preview/log.ts';
import type { Problem } from '../../../preview/problem.ts';
import type { Says } from './words.ts';

/** What the panel says in which pages of containers open. */
export interface PageWords {
  readonly heading: string;
  readonly none: string;
  readonly listLabel: string;
  readonly port: (port: number, container: string) => string;
  /** A container that published a port has ended. */
  readonly ended: (port: number, container: string) => string;
  readonly start: (container: string) => string;
  readonly address: string;
  readonly go: string;
  readonly reload: string;
  readonly stop: string;
  readonly wrongAddress: string;
  readonly frame: string;
  readonly choose: string;
  readonly stopped: string;
  readonly flooded: string;
  readonly silent: string;
  readonly away: string;
  readonly outside: (url: string) => string;
  readonly before: (address: string) => string;
  readonly loading: string;
  readonly impossible: Says;
  readonly open: (count: number) => string;
  readonly log: {
    readonly heading: (count: number) => string;
    readonly empty: string;
    readonly clear: string;
    readonly columns: Readonly<Record<'request' | 'answer' | 'size' | 'time', string>>;
    readonly by: Readonly<Record<LogEntry['by'], string>>;
    readonly waiting: string;
    readonly problems: Readonly<Record<Problem, string>>;
  };
}

export const portuguesePage: PageWords = {
  heading: 'Portas publicadas',
  none: 'Nenhuma porta publicada ainda. O que rodar com `-p 8080:80` aparece aqui, com a página aberta ao lado do terminal.',
  listLabel: 'Portas publicadas',
  port: (port, container) => `${port} · ${container}`,
  ended: (port, container) =>
    `\`${container}\` publicava a porta ${port} e não está rodando. Depois de recarregar a aba, o Linux da bancada começa de novo e os contêineres ficam parados.`,
  start: (container) => `docker start ${container}`,
  address: 'Endereço dentro da máquina',
  go: 'Abrir',
  reload: 'Recarregar',
  stop: 'Parar a página',
  wrongAddress: 'Aqui só abre o que está nesta máquina: `localhost:PORTA/caminho`.',
  frame: 'Página do contêiner',
  choose: 'Escolha uma porta para abrir a página.',
  stopped: 'Página parada: nada dela continua rodando aqui. O contêiner segue como estava.',
  flooded:
    'A página foi parada: ela mandava milhares de mensagens por segundo à bancada. O contêiner segue como estava.',
  silent:
    'A página não responde: um script dela deve estar em laço. O resto da bancada não para por isso.',
  away: 'A página foi para um endereço que não se mostra aqui. Recarregue para voltar.',
  outside: (url) => `O link leva para fora, e desta máquina não se chega à internet: ${url}`,
  before: (address) =>
    `Antes de recarregar, ${address} estava aberta. Quando a porta voltar, ela abre de novo.`,
  loading: 'Carregando…',
  impossible: {
    message: 'Este navegador não deixa mostrar a página aqui.',
    hint: 'Faltam os service workers: algumas janelas anônimas não têm, e fora de HTTPS ou de localhost ninguém tem. No terminal, `curl localhost:8080` continua valendo.',
  },
  open: (count) => (count === 1 ? '1 porta aberta' : `${count} portas abertas`),
  log: {
    heading: (count) => `Pedidos (${count})`,
    empty: 'Nenhum pedido ainda.',
    clear: 'Limpar',
    columns: { request: 'Pedido', answer: 'Resposta', size: 'Tamanho', time: 'Tempo' },
    by: { page: 'página', part: 'parte da página', script: 'script da página' },
    waiting: 'esperando',
    problems: {
      refused: 'conexão recusada',
      'no-machine': 'sem máquina',
      'not-http': 'não é HTTP',
      'head-too-large': 'cabeçalhos demais',
      empty: 'sem resposta',
      'cut-off': 'interrompida',
      'too-slow': 'sem resposta a tempo',
      'too-large': 'grande demais',
      encoding: 'compressão desconhecida',
      'too-many': 'pedidos demais',
      redirects: 'redirecionamento sem fim',
      outside: 'leva para fora',
      forbidden: 'a outra porta não deixa',
    },
  },
};

export const englishPage: PageWords = {
  heading: 'Published ports',
  none: 'No port is published yet. What runs with `-p 8080:80` shows up here, its page open beside the terminal.',
  listLabel: 'Published ports',
  port: (port, container) => `${port} · ${container}`,
  ended: (port, container) =>
    `\`${container}\` published port ${port} and does not run. After a reload of the tab the workbench’s Linux starts anew, and containers stay stopped.`,
  start: (container) => `docker start ${container}`,
  address: 'Address inside the machine',
  go: 'Open',
  reload: 'Reload',
  stop: 'Stop the page',
  wrongAddress: 'Only what is in this machine opens here: `localhost:PORT/path`.',
  frame: 'The container’s page',
  choose: 'Choose a port to open its page.',
  stopped: 'Page stopped: nothing of it goes on here. The container is as it was.',
  flooded:
    'The page was stopped: it sent the workbench thousands of messages a second. The container is as it was.',
  silent:
    'The page does not answer: a script of it seems to loop. The rest of the workbench goes on.',
  away: 'The page went to an address that is not shown here. Reload to come back.',
  outside: (url) => `The link leads outside, and this machine does not reach the internet: ${url}`,
  before: (address) =>
    `Before the reload, ${address} was open. When the port is back, it opens again.`,
  loading: 'Loading…',
  impossible: {
    message: 'This browser does not let the page be shown here.',
    hint: 'Service workers are missing: some private windows have none, and without HTTPS or localhost nobody has. In the terminal, `curl localhost:8080` still works.',
  },
  open: (count) => (count === 1 ? '1 port open' : `${count} ports open`),
  log: {
    heading: (count) => `Requests (${count})`,
    empty: 'No requests yet.',
    clear: 'Clear',
    columns: { request: 'Request', answer: 'Answer', size: 'Size', time: 'Time' },
    by: { page: 'page', part: 'part of the page', script: 'script of the page' },
    waiting: 'waiting',
    problems: {
      refused: 'connection refused',
      'no-machine': 'no machine',
      'not-http': 'not HTTP',
      'head-too-large': 'too many headers',
      empty: 'no answer',
      'cut-off': 'cut off',
      'too-slow': 'no answer in time',
      'too-large': 'too large',
      encoding: 'unknown compression',
      'too-many': 'too many requests',
      redirects: 'endless redirects',
      outside: 'leads outside',
      forbidden: 'not allowed by the other port',
    },
  },
};
