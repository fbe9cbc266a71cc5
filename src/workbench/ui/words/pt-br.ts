import { portuguesePage } from './page-words.ts';
import type { WorkbenchWords } from './words.ts';

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

export const portuguese: WorkbenchWords = {
  name: 'Bancada',
  panels: {
    editor: 'Editor',
    terminal: 'Terminal',
    check: 'Verificar',
    images: 'Imagens',
    page: 'Página',
    solution: 'Solução',
    more: 'Mais',
  },
  panelList: 'Painéis da bancada',
  splitters: {
    columns: 'Largura dos painéis do lado',
    rows: 'Altura do editor',
  },
  cancel: 'Cancelar',
  tryAgain: 'Tentar de novo',
  detail: 'Detalhe técnico',

  start: {
    title: 'Abrindo a bancada',
    stages: {
      code: 'Programa da bancada',
      loading: 'Memória de um Linux já ligado',
      restoring: 'Acordar a máquina',
      files: 'Seus arquivos',
    },
    bytes: (done, total) => (total === undefined ? done : `${done} de ${total}`),
    running: (seconds) => `Pronta em ${seconds}`,
    state: {
      off: 'desligada',
      starting: 'abrindo',
      running: 'ligada',
      elsewhere: 'em outra aba',
      impossible: 'não funciona aqui',
      failed: 'parou',
    },
    elsewhere: {
      message: 'A bancada está aberta em outra aba',
      hint: 'Ela só funciona em uma de cada vez, para que duas não mexam nos mesmos arquivos. Se você a trouxer para cá, o que está rodando na outra termina; arquivos e imagens vêm junto.',
      takeOver: 'Trazer para esta aba',
    },
    impossible: {
      title: 'Este navegador não consegue abrir a bancada',
      meanwhile:
        'As lições você lê inteiras aqui mesmo. Os laboratórios também funcionam com o Docker ou o Podman do seu computador.',
    },
    missing: {
      wasm: {
        message: 'Falta o WebAssembly, em que a máquina roda.',
        hint: 'Use um Firefox, Chrome, Edge ou Safari recente. Se o seu é um deles, alguma proteção do navegador desligou o WebAssembly.',
      },
      worker: {
        message: 'Faltam os workers em módulo, em que a máquina roda.',
        hint: 'Atualize o navegador.',
      },
      storage: {
        message: 'Este navegador não deixa a página guardar arquivos.',
        hint: 'Uma janela anônima costuma proibir: abra a página em uma janela comum.',
      },
      locks: {
        message:
          'Faltam os Web Locks, que impedem duas abas de mexerem nos mesmos arquivos. O navegador só os dá a páginas em https ou em localhost.',
        hint: 'Abra a página pelo endereço https dela, ou por localhost.',
      },
    },
    ownMachine: 'Fazer no meu computador',
    failed: {
      title: 'A bancada parou',
      kept: 'Seus arquivos e imagens continuam guardados.',
    },
  },

  check: {
    run: 'Verificar',
    stop: 'Parar',
    continuous: 'Verificar sempre que eu salvar',
    continuousAbout: 'Vale para o editor e para o terminal.',
    notYet: 'O que vai ser verificado:',
    none: 'Este laboratório não tem checagens: é um lugar para experimentar.',
    list: 'Checagens',
    checking: (title) => `Verificando: ${title}`,
    again: 'Verificando…',
    patience: 'Quando há o que compilar, são minutos: esta máquina é emulada.',
    passed: 'Está certo. Parabéns!',
    failed: 'Ainda não.',
    broken: 'Não deu para verificar tudo: alguma coisa quebrou, e não foi a sua resposta.',
    stopped: 'Parado. O que já tinha resposta fica aqui.',
    crashed: 'A verificação não terminou.',
    stale: 'Você mudou arquivos depois desta verificação.',
    counts: ({ pass, fail, skip, broken }, seconds) =>
      [
        ...(pass > 0 ? [plural(pass, 'passou', 'passaram')] : []),
        ...(fail > 0 ? [plural(fail, 'falhou', 'falharam')] : []),
        ...(skip > 0 ? [plural(skip, 'pulada', 'puladas')] : []),
        ...(broken > 0 ? [plural(broken, 'quebrou', 'quebraram')] : []),
      ].join(', ') + ` · ${seconds}`,
    status: {
      pass: 'passou',
      fail: 'falhou',
      skip: 'pulada',
      broken: 'quebrou',
      waiting: 'por verificar',
      running: 'verificando',
    },
    labels: {
      expected: 'Esperado',
      found: 'Encontrado',
      where: 'Onde',
      why: 'Motivo',
      advice: 'Conserto',
    },
    notYours: 'Isto não é um erro seu.',
    place: {
      line: (file, line) => `${file}, linha ${line}`,
      layer: (layer, createdBy) => `camada ${layer}${createdBy ? ` (${createdBy})` : ''}`,
      inImage: (path) => `${path} na imagem`,
    },
    openLine: 'abrir no editor',
    openLayer: 'ver a camada',
    noImage:
      'A imagem desta verificação não ficou guardada. Construa a sua com `docker build` e ela aparece em Imagens.',
  },

  hint: {
    first: 'Quero uma dica',
    another: 'Mais uma dica',
    head: (number, of) => `Dica ${number} de ${of}`,
    last: 'Era a última dica desta checagem.',
  },

  solution: {
    locked: 'A solução aparece depois que a sua resposta passar.',
    lockedHint: 'Antes dela, cada checagem que falha tem dicas.',
    anyway: 'Ver assim mesmo',
    question: 'Ver a solução antes de passar?',
    lost: 'Você perde a chance de descobrir sozinho, que é quando mais se aprende. Seus arquivos não mudam.',
    confirm: 'Ver a solução',
    show: 'Comparar com a solução',
    refresh: 'Comparar de novo',
    intro: 'Uma solução, contra os seus arquivos. Há outras boas.',
    same: (path) => `\`${path}\` é igual ao seu.`,
    allSame: 'Seus arquivos são iguais aos desta solução.',
    binary: (path) => `\`${path}\` não é texto, e por isso não é mostrado.`,
    loading: 'Buscando a solução…',
  },

  reset: {
    heading: 'Recomeçar',
    chooseFile: 'Qual arquivo',
    lostTitle: 'Você perde:',
    doing: 'Recomeçando…',
    lab: {
      title: 'O laboratório',
      about: 'Todos os arquivos voltam ao começo, e os valores sorteados são outros.',
      question: () => 'Recomeçar o laboratório?',
      lost: [
        'o que você escreveu nos arquivos deste laboratório',
        'os arquivos que você criou nele',
      ],
      kept: 'Suas imagens ficam. O que você já passou continua passado.',
      confirm: 'Recomeçar o laboratório',
      done: () => 'O laboratório está como no começo.',
    },
    file: {
      title: 'Um arquivo',
      about: 'Só ele volta a ser como no começo.',
      question: (path) => `Devolver ${path} ao começo?`,
      lost: ['o que você escreveu neste arquivo'],
      kept: 'Os outros arquivos ficam como estão.',
      confirm: 'Devolver o arquivo ao começo',
      done: (path) => `${path} está como no começo.`,
    },
    machine: {
      title: 'A máquina',
      about: 'Para quando algo travou: o Linux desliga e liga de novo.',
      question: () => 'Reiniciar a máquina?',
      lost: ['o que está rodando: terminais e contêineres param'],
      kept: 'Arquivos e imagens ficam.',
      confirm: 'Reiniciar a máquina',
      done: () => 'A máquina reiniciou.',
    },
    store: {
      title: 'As imagens',
      about: 'Libera espaço: imagens, contêineres e cache de build vão embora.',
      question: () => 'Apagar imagens, contêineres e cache?',
      lost: [
        'todas as imagens que você construiu',
        'todos os contêineres, com o que há neles',
        'o cache de build: a próxima construção refaz tudo',
      ],
      kept: 'Seus arquivos ficam. As imagens base voltam sozinhas quando um build pedir.',
      confirm: 'Apagar tudo isso',
      done: () => 'Não há mais imagens nem contêineres.',
    },
  },

  images: {
    empty:
      'Nenhuma imagem ainda. Um `docker build -t minha .` no terminal faz a primeira, e ela aparece aqui.',
    loading: 'Lendo…',
    all: 'Todas as imagens',
    standIn: (upstream) => `refeita no lugar de ${upstream}`,
    unnamed: 'sem nome',
    created: (date) => `criada em ${date}`,
    layer: (number) => `Camada ${number}`,
    files: 'Arquivos',
    allFiles: 'A imagem inteira',
    removed: 'apaga o que está abaixo',
    more: (count) => `mais ${plural(count, 'item', 'itens')}`,
    emptyFolder: 'vazia',
    history: 'Histórico',
    config: 'Configuração',
    packages: (count) => `Pacotes (${count})`,
    noPackages: 'Nenhum pacote registrado nesta imagem.',
    compare: 'Comparar duas imagens',
    from: 'Esta',
    to: 'com esta',
    compareShow: 'Comparar',
    compareNeedsTwo: 'Para comparar é preciso ter duas.',
    sameImage: 'É a mesma imagem dos dois lados. Escolha outra.',
  },

  page: portuguesePage,

  notices: {
    title: 'Avisos',
    lookup: (names) => ({
      message:
        names.length === 1
          ? `Alguém na máquina procurou \`${names[0] ?? ''}\`, e ela não tem internet.`
          : `Na máquina procuraram ${names.map((name) => `\`${name}\``).join(', ')}, e ela não tem internet.`,
      hint: 'É assim de propósito: a bancada funciona sem rede. O `pip install` acha os pacotes que já vêm com ela; `apt-get`, `npm install` e afins só no seu computador.',
    }),
    dismiss: 'Dispensar o aviso',
    noTerminal: 'O comando vai para o terminal assim que a bancada abrir.',
  },

  progress: {
    heading: 'Seu progresso',
    about:
      'Fica neste navegador, e em nenhum outro lugar. Em um arquivo você o leva para outro computador.',
    labs: (passed) => plural(passed, 'laboratório passado', 'laboratórios passados'),
    lessons: (read) => plural(read, 'lição lida', 'lições lidas'),
    export: 'Salvar em um arquivo',
    import: 'Trazer de um arquivo',
    imported: 'Progresso trazido do arquivo.',
    exported: 'Progresso salvo.',
    fileName: 'semdistro-progresso.json',
    nextLab: (title) => `Próximo laboratório: ${title}`,
    nextLesson: (title) => `Próxima lição: ${title}`,
    backToLesson: (number) => `Voltar à lição ${number}`,
    allLessons: 'Todas as lições',
  },

  trouble: {
    unknown: {
      message: 'Deu errado, e a bancada não sabe dizer por quê.',
      hint: 'Tente de novo. Se não adiantar, reinicie a máquina em Mais.',
    },
    'store-full': {
      message: 'O espaço que o navegador dá a esta página acabou.',
      hint: 'Apague as imagens em Mais, ou libere espaço no disco.',
    },
    'store-busy': {
      message: 'Outra aba está usando o que está guardado.',
      hint: 'Feche as outras abas desta página e tente de novo.',
    },
    'store-io': {
      message: 'O navegador não conseguiu ler ou gravar o que está guardado.',
      hint: 'Recarregue a página. O que já estava salvo continua salvo.',
    },
    'source-unreachable': {
      message:
        'Não deu para buscar uma parte de uma imagem: o servidor desta página não respondeu.',
      hint: 'Confira a conexão e repita o comando. O que já veio fica guardado.',
    },
    'source-refused': {
      message: 'O servidor desta página recusou uma parte de uma imagem.',
      hint: 'Recarregue a página e repita o comando.',
    },
    'source-missing': {
      message: 'O servidor desta página não tem uma parte de uma imagem.',
      hint: 'Quem publicou o site precisa publicar as imagens de novo.',
    },
    'blob-corrupt': {
      message: 'Uma parte de uma imagem chegou estragada, e por isso não foi usada.',
      hint: 'Repita o comando: ela é buscada de novo.',
    },
    'blob-missing': {
      message: 'Falta uma parte de uma imagem.',
      hint: 'Repita o comando. Se não adiantar, apague as imagens em Mais.',
    },
    'machine-crashed': {
      message: 'O Linux da bancada caiu.',
      hint: 'Ligue de novo.',
    },
    'machine-stopped': {
      message: 'O Linux da bancada desligou.',
      hint: 'Ligue de novo.',
    },
    'machine-missing': {
      message: 'O servidor desta página não tem a máquina.',
      hint: 'Quem publicou o site precisa rodar `npm run build` até o fim.',
    },
    'machine-damaged': {
      message: 'A máquina que o servidor mandou está estragada.',
      hint: 'Recarregue a página. Se não adiantar, quem publicou o site precisa refazê-la.',
    },
    'code-unreachable': {
      message: 'Não deu para buscar uma parte do programa da bancada.',
      hint: 'Confira a conexão e recarregue a página. O que foi salvo continua salvo.',
    },
    'worker-crashed': {
      message: 'O programa da bancada caiu.',
      hint: 'Ligue de novo.',
    },
    'lab-unknown': {
      message: 'Este laboratório não existe nesta versão do site.',
      hint: 'Recarregue a página.',
    },
    'too-large': {
      message: 'A sua pasta tem arquivos grandes demais para a verificação.',
      hint: 'Tire da pasta o que não faz parte da resposta.',
    },
    'image-unknown': { message: 'Esta imagem não está mais aqui.' },
    'not-passed': { message: 'A solução aparece depois que a sua resposta passar.' },
    'progress-invalid': {
      message: 'Este arquivo não é um progresso do Sem Distro.',
      hint: 'Escolha o arquivo que você salvou aqui, em Mais.',
    },
    interrupted: { message: 'Foi interrompido.' },
    offline: {
      message: 'Você está sem conexão, e ainda falta buscar uma parte.',
      hint: 'Volte a ter conexão e tente de novo.',
    },
  },
};
