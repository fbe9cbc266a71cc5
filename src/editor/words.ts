import type { Language } from '../i18n/languages.ts';
import type { NameFault } from './file-tree-model.ts';

/** All that the editor's panel says, in one language. */
export interface EditorWords {
  readonly files: string;
  readonly newFile: string;
  readonly newFolder: string;
  readonly rename: string;
  readonly remove: string;
  readonly upload: string;
  readonly download: string;
  readonly create: string;
  readonly cancel: string;
  readonly nameOf: Readonly<Record<'file' | 'folder' | 'rename', string>>;
  readonly faults: Readonly<Record<NameFault, string>>;
  readonly reallyRemove: (path: string) => string;
  readonly removed: (path: string) => string;
  readonly uploaded: (count: number) => string;
  readonly tooLarge: (name: string) => string;
  readonly dropHere: string;
  readonly failed: (message: string) => string;
  readonly code: (path: string) => string;
  readonly nothingOpen: string;
  readonly noText: (bytes: number) => string;
  readonly state: Readonly<Record<'saved' | 'unsaved' | 'saving' | 'conflict' | 'failed', string>>;
  readonly readOnly: string;
  readonly readOnlyWhy: string;
  readonly unsaved: string;
  readonly save: string;
  readonly conflict: string;
  readonly gone: string;
  readonly keepMine: string;
  readonly takeTheirs: string;
  readonly compare: string;
  readonly writeAgain: string;
  readonly closeFile: string;
  readonly leave: string;
  readonly problems: (count: number) => string;
  readonly line: (line: number) => string;
  readonly error: string;
  readonly warning: string;
  readonly dockerSays: string;
  readonly readMore: string;
  readonly before: string;
  readonly after: string;
  readonly same: string;
  /** CodeMirror's own words, by the English ones. */
  readonly phrases: Readonly<Record<string, string>>;
}

const portuguese: EditorWords = {
  files: 'Arquivos',
  newFile: 'Novo arquivo',
  newFolder: 'Nova pasta',
  rename: 'Renomear',
  remove: 'Apagar',
  upload: 'Enviar arquivos do seu computador',
  download: 'Baixar tudo (.zip)',
  create: 'Criar',
  cancel: 'Cancelar',
  nameOf: { file: 'Nome do novo arquivo', folder: 'Nome da nova pasta', rename: 'Novo nome' },
  faults: {
    empty: 'Falta um nome.',
    taken: 'Já existe algo com esse nome.',
    outside: 'O nome não pode ter . ou .. no caminho.',
    odd: 'O nome tem um caractere que não se vê.',
    long: 'O nome é comprido demais.',
  },
  reallyRemove: (path) => `Apagar ${path}?`,
  removed: (path) => `${path} foi apagado.`,
  uploaded: (count) => (count === 1 ? '1 arquivo enviado.' : `${count} arquivos enviados.`),
  tooLarge: (name) => `${name} passa de 16 MB e ficou de fora.`,
  dropHere: 'Solte para enviar',
  failed: (message) => `Não deu certo: ${message}`,
  code: (path) => `Conteúdo de ${path}`,
  nothingOpen: 'Escolha um arquivo.',
  noText: (bytes) => `Este arquivo não é texto (${bytes} bytes); aqui não dá para abrir.`,
  state: {
    saved: 'Salvo',
    unsaved: 'Não salvo',
    saving: 'Salvando…',
    conflict: 'Em conflito',
    failed: 'Não salvou',
  },
  readOnly: 'só leitura',
  readOnlyWhy: 'Este arquivo faz parte do exercício e não muda.',
  unsaved: 'não salvo',
  save: 'Salvar',
  conflict:
    'Este arquivo mudou fora do editor, e você também mexeu nele. As duas versões estão guardadas: com qual ficar?',
  gone: 'Este arquivo foi apagado fora do editor. O texto continua aqui.',
  keepMine: 'Ficar com a minha',
  takeTheirs: 'Ficar com a de fora',
  compare: 'Comparar',
  writeAgain: 'Gravar de novo',
  closeFile: 'Fechar',
  leave: 'Para sair do editor: Esc, depois Tab.',
  problems: (count) =>
    count === 0 ? 'Nenhum problema' : count === 1 ? '1 problema' : `${count} problemas`,
  line: (line) => `linha ${line}`,
  error: 'Erro',
  warning: 'Aviso',
  dockerSays: 'O Docker diz:',
  readMore: 'A página do Docker sobre isso',
  before: 'Antes',
  after: 'Depois',
  same: 'Os dois são iguais.',
  phrases: {
    Find: 'Buscar',
    Replace: 'Trocar por',
    next: 'próximo',
    previous: 'anterior',
    all: 'todos',
    'match case': 'maiúsculas contam',
    regexp: 'expressão regular',
    'by word': 'palavra inteira',
    replace: 'trocar',
    'replace all': 'trocar todos',
    close: 'fechar',
    'current match': 'resultado atual',
    'replaced match on line $': 'trocado na linha $',
    'replaced $ matches': '$ trocados',
    'on line': 'na linha',
    'Go to line': 'Ir para a linha',
    go: 'ir',
    Completions: 'Sugestões',
    Diagnostics: 'Problemas',
    'No diagnostics': 'Nenhum problema',
    'Control character': 'Caractere de controle',
    'Selection deleted': 'Seleção apagada',
    'Folded lines': 'Linhas dobradas',
    'Unfolded lines': 'Linhas abertas',
    to: 'a',
    'folded code': 'código dobrado',
    unfold: 'abrir',
    'Fold line': 'Dobrar linha',
    'Unfold line': 'Abrir linha',
    '$ unchanged lines': '$ linhas iguais',
  },
};

const english: EditorWords = {
  files: 'Files',
  newFile: 'New file',
  newFolder: 'New folder',
  rename: 'Rename',
  remove: 'Delete',
  upload: 'Upload files from your computer',
  download: 'Download everything (.zip)',
  create: 'Create',
  cancel: 'Cancel',
  nameOf: { file: 'Name of the new file', folder: 'Name of the new folder', rename: 'New name' },
  faults: {
    empty: 'A name is missing.',
    taken: 'There is something of that name already.',
    outside: 'The name cannot have . or .. in its path.',
    odd: 'The name has a character that cannot be seen.',
    long: 'The name is too long.',
  },
  reallyRemove: (path) => `Delete ${path}?`,
  removed: (path) => `${path} was deleted.`,
  uploaded: (count) => (count === 1 ? '1 file uploaded.' : `${count} files uploaded.`),
  tooLarge: (name) => `${name} is over 16 MB and was left out.`,
  dropHere: 'Drop to upload',
  failed: (message) => `That did not work: ${message}`,
  code: (path) => `Content of ${path}`,
  nothingOpen: 'Choose a file.',
  noText: (bytes) => `This file is not text (${bytes} bytes); it cannot be opened here.`,
  state: {
    saved: 'Saved',
    unsaved: 'Not saved',
    saving: 'Saving…',
    conflict: 'In conflict',
    failed: 'Could not save',
  },
  readOnly: 'read only',
  readOnlyWhy: 'This file is part of the exercise and does not change.',
  unsaved: 'not saved',
  save: 'Save',
  conflict:
    'This file changed outside the editor, and you changed it too. Both versions are kept: which one stays?',
  gone: 'This file was deleted outside the editor. Its text is still here.',
  keepMine: 'Keep mine',
  takeTheirs: 'Take the other',
  compare: 'Compare',
  writeAgain: 'Write it again',
  closeFile: 'Close',
  leave: 'To leave the editor: Esc, then Tab.',
  problems: (count) =>
    count === 0 ? 'No problems' : count === 1 ? '1 problem' : `${count} problems`,
  line: (line) => `line ${line}`,
  error: 'Error',
  warning: 'Warning',
  dockerSays: 'Docker says:',
  readMore: "Docker's page about it",
  before: 'Before',
  after: 'After',
  same: 'Both are the same.',
  phrases: {},
};

const WORDS: Readonly<Record<Language, EditorWords>> = { 'pt-BR': portuguese, en: english };

export function wordsIn(lang: Language): EditorWords {
  return WORDS[lang];
}
