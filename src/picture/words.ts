import type { Language } from '../i18n/languages.ts';

/** What the pictures say, a language each; sentences that need a model are in sentences.ts. */
export interface Words {
  readonly rows: (count: number) => string;
  readonly layers: (count: number) => string;
  readonly withSize: (count: number) => string;
  readonly noLayer: string;
  readonly total: string;
  readonly in: string;
  readonly source: string;
  readonly recorded: (day: string) => string;
  readonly shared: string;
  readonly alsoIn: (names: readonly string[]) => string;
  readonly together: (count: number) => string;
  readonly topFirst: string;
  readonly allLayers: string;
  readonly layer: string;
  readonly size: string;
  readonly part: string;
  readonly change: string;
  readonly instruction: string;
  readonly line: (line: number) => string;
  readonly layerNumber: (index: number) => string;
  readonly files: string;
  readonly moreFiles: (count: number, size: string) => string;
  readonly filesFailed: string;
  readonly noFiles: string;
  readonly linkToRow: string;
  readonly otherPlace: string;
  readonly copied: string;
  readonly copyLink: string;
  readonly saveSvg: string;
  readonly savePng: string;
  readonly failed: string;
  readonly keys: string;
  readonly legend: Readonly<Record<'removed' | 'added' | 'changed' | 'moved' | 'same', string>>;
  readonly blocks: string;
  readonly otherRuler: string;
  readonly hidden: (size: string) => string;
  readonly beside: (left: string, right: string) => string;
  readonly historyOf: (name: string) => string;
  readonly stackOf: (name: string) => string;
}

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

export const WORDS: Readonly<Record<Language, Words>> = {
  'pt-BR': {
    rows: (count) => plural(count, 'linha', 'linhas'),
    layers: (count) => plural(count, 'camada', 'camadas'),
    withSize: (count) => plural(count, 'com tamanho', 'com tamanho'),
    noLayer: 'sem camada',
    total: 'Total',
    in: 'em',
    source: 'Fonte',
    recorded: (day) => `copiado em ${day}`,
    shared: 'dividida com outra imagem',
    alsoIn: (names) => `também em ${list(names, 'e', (rest) => `mais ${rest}`)}`,
    together: (count) => `${count} camadas pequenas`,
    topFirst: 'De cima para baixo: a última camada primeiro.',
    allLayers: 'As camadas em tabela',
    layer: 'Camada',
    size: 'Tamanho',
    part: 'Parte',
    change: 'O que mudou',
    instruction: 'Instrução',
    line: (line) => `linha ${line} do Dockerfile`,
    layerNumber: (index) => `camada ${index + 1}, contando de baixo`,
    files: 'Arquivos desta camada',
    moreFiles: (count, size) => `e mais ${plural(count, 'arquivo', 'arquivos')}, ${size}`,
    filesFailed: 'Não deu para abrir esta camada.',
    noFiles: 'Nenhum arquivo.',
    linkToRow: 'Link desta linha',
    otherPlace: 'Ver o outro lugar',
    copied: 'Link copiado.',
    copyLink: 'Copiar link',
    saveSvg: 'Baixar SVG',
    savePng: 'Baixar PNG',
    failed: 'Não deu certo neste navegador.',
    keys: 'As setas andam pelas linhas; Enter abre e fecha.',
    legend: {
      removed: 'sai',
      added: 'entra',
      changed: 'muda',
      moved: 'muda de lugar',
      same: 'fica igual',
    },
    blocks:
      'Tamanhos do containerd image store, que conta blocos de disco: um diretório vazio já pesa.',
    otherRuler:
      'Atenção: as duas listagens vêm de armazenamentos diferentes. Os tamanhos não se comparam.',
    hidden: (size) => `${size} escondidos por camadas de cima`,
    beside: (left, right) =>
      `Histórico de ${left} ao lado do de ${right}, da linha mais nova para a mais antiga`,
    historyOf: (name) => `Histórico de ${name}, da linha mais nova para a mais antiga`,
    stackOf: (name) => `Camadas de ${name}`,
  },
  en: {
    rows: (count) => plural(count, 'row', 'rows'),
    layers: (count) => plural(count, 'layer', 'layers'),
    withSize: (count) => plural(count, 'with a size', 'with a size'),
    noLayer: 'no layer',
    total: 'Total',
    in: 'in',
    source: 'Source',
    recorded: (day) => `copied on ${day}`,
    shared: 'shared with another image',
    alsoIn: (names) => `also in ${list(names, 'and', (rest) => `${rest} more`)}`,
    together: (count) => `${count} small layers`,
    topFirst: 'From the top down: the last layer first.',
    allLayers: 'The layers as a table',
    layer: 'Layer',
    size: 'Size',
    part: 'Part',
    change: 'What changed',
    instruction: 'Instruction',
    line: (line) => `line ${line} of the Dockerfile`,
    layerNumber: (index) => `layer ${index + 1}, counted from the ground`,
    files: 'Files of this layer',
    moreFiles: (count, size) => `and ${plural(count, 'more file', 'more files')}, ${size}`,
    filesFailed: 'This layer could not be opened.',
    noFiles: 'No files.',
    linkToRow: 'Link to this row',
    otherPlace: 'See the other place',
    copied: 'Link copied.',
    copyLink: 'Copy link',
    saveSvg: 'Save SVG',
    savePng: 'Save PNG',
    failed: 'It did not work in this browser.',
    keys: 'Arrow keys go from row to row; Enter opens and closes.',
    legend: {
      removed: 'goes',
      added: 'comes',
      changed: 'changes',
      moved: 'changes places',
      same: 'stays the same',
    },
    blocks:
      'Sizes from the containerd image store, which counts blocks of a disk: an empty directory weighs something.',
    otherRuler:
      'Careful: the two listings come from different image stores. Their sizes cannot be compared.',
    hidden: (size) => `${size} hidden by layers above`,
    beside: (left, right) => `History of ${left} beside that of ${right}, newest row first`,
    historyOf: (name) => `History of ${name}, newest row first`,
    stackOf: (name) => `Layers of ${name}`,
  },
};

/** Two names at most, as people say them: `base-debian13`. */
function list(names: readonly string[], and: string, more: (rest: number) => string): string {
  const short = names.map((name) => name.replace(/^.*\//, '').replace(/:latest$/, ''));
  const shown = short.length > 3 ? [...short.slice(0, 2), more(short.length - 2)] : short;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} ${and} ${last}`;
}
