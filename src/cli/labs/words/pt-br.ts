import { helpPt } from './help-pt-br.ts';
import type { CommandWords } from './words.ts';

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

const number = (value: number, digits: number): string => value.toFixed(digits).replace('.', ',');

const meant = (name: string | undefined): string => (name ? ` Você quis dizer ${name}?` : '');

export const portuguese: CommandWords = {
  help: helpPt,
  values: { dir: 'uma pasta', engine: 'um motor', only: 'uma checagem', lang: 'uma língua' },
  seeHelp: (command) => `Veja \`semdistro ${command} --help\`.`,
  date: (date) =>
    date.toLocaleString('pt-BR', { dateStyle: 'short', timeStyle: 'short' }).replace(',', ''),
  minutes: (minutes) => `${minutes} min`,
  seconds: (seconds) => `${number(seconds, seconds < 10 ? 1 : 0)} s`,
  yes: 's',

  list: {
    columns: ['AULA', 'LAB', 'TÍTULO', 'NÍVEL', 'TEMPO'],
    state: { new: 'novo', started: 'começado', passed: 'passou' },
    count: (passed, all) => `${passed} de ${all} feitos.`,
    next: (slug) => `Para começar: semdistro start ${slug}`,
    none: 'Não há nenhum laboratório nesta instalação.',
  },

  start: {
    made: (slug, shown) => `Pronto: o laboratório ${slug} está em ${shown}`,
    resumed: (shown) => `O começo que tinha sido interrompido em ${shown} foi terminado.`,
    files: 'Arquivos:',
    toEdit: 'você edita',
    commands: 'E agora:',
    cd: (shown) => `cd ${shown}`,
    then: [
      'semdistro watch     # verifica a cada vez que você salva',
      'semdistro verify    # verifica uma vez',
      'semdistro hint      # uma dica',
    ],
    thenPlay: ['semdistro sh        # um shell com docker'],
  },

  readme: {
    name: 'LEIA-ME.md',
    text: ({ slug, title, goal, lesson, minutes, edit, checks }) =>
      [
        `# ${title}`,
        '',
        goal,
        '',
        `Laboratório \`${slug}\`${lesson > 0 ? `, aula ${lesson}` : ''}, uns ${minutes}.`,
        '',
        '## O que editar',
        '',
        ...edit.map((name) => `- \`${name}\``),
        '',
        ...(checks.length === 0
          ? []
          : [
              '## O que vai ser verificado',
              '',
              ...checks.map((check) => `- ${check}`),
              '',
              '## Comandos',
              '',
              'Rode nesta pasta:',
              '',
              '```sh',
              'semdistro verify      # confere a sua resposta e diz por quê',
              'semdistro watch       # confere de novo cada vez que você salva',
              'semdistro hint        # uma dica de cada vez',
              'semdistro solution    # uma solução, depois que a sua passar',
              'semdistro reset       # volta ao início, guardando o que é seu',
              '```',
              '',
            ]),
      ].join('\n'),
  },

  verify: {
    engine: (kind, version, platform) => `motor: ${kind} ${version} (${platform})`,
    opening: 'procurando um motor',
    running: (title) => title,
    labels: {
      expected: 'esperado',
      found: 'encontrado',
      where: 'onde',
      hint: 'dica',
      why: 'motivo',
      advice: 'conserto',
    },
    hintSeen: (name) => `${name} (leia com \`semdistro hint\`)`,
    place: {
      line: (file, line) => `${file}, linha ${line}`,
      layer: (layer, createdBy) => `camada ${layer}${createdBy ? ` (${createdBy})` : ''}`,
      inImage: (path) => `${path} na imagem`,
    },
    counts: ({ pass, fail, skip, broken }, seconds) =>
      [
        ...(pass > 0 ? [plural(pass, 'passou', 'passaram')] : []),
        ...(fail > 0 ? [plural(fail, 'falhou', 'falharam')] : []),
        ...(skip > 0 ? [plural(skip, 'pulada', 'puladas')] : []),
        ...(broken > 0 ? [plural(broken, 'quebrou', 'quebraram')] : []),
      ].join(', ') + ` · ${seconds}`,
    passed: 'Está certo. Parabéns!',
    passedPart: 'Passou o que você pediu. Rode `semdistro verify` para conferir o resto.',
    failed: 'Ainda não.',
    broken: 'Não deu para verificar: alguma coisa quebrou, e não foi a sua resposta.',
    noChecks: 'Este laboratório não tem checagens: é um lugar para experimentar.',
    solutionIs: (slug) => `Para comparar com uma solução nossa: semdistro solution ${slug}`,
    nextIs: (slug) => `Próximo: semdistro start ${slug}`,
    allPassed: 'E com este, você fez todos.',
    changed:
      'Este laboratório mudou depois que você o começou. `semdistro reset` traz os arquivos novos e guarda os seus.',
    interrupted: 'Interrompido.',
    leftOut: (path, why) => `não conto com ${path}: ${why}`,
    notRemembered: (why) => `não deu para anotar isto: ${why}`,
    statusOf: { pass: 'passou', fail: 'falhou', skip: 'pulada', broken: 'quebrou' },
  },

  watch: {
    live: (shown) =>
      `De olho no motor e em ${shown}: cada passo é confirmado assim que você o faz. Ctrl-C para sair.`,
    steps: ({ done, skipped, left }) =>
      [
        plural(done, 'passo feito', 'passos feitos'),
        ...(skipped > 0 ? [plural(skipped, 'pulado', 'pulados')] : []),
        ...(left > 0 ? [`${left === 1 ? 'falta' : 'faltam'} ${left}`] : []),
      ].join(', '),
    allSteps: 'Todos os passos feitos. Parabéns!',
    keys: [
      ['h', 'dica'],
      ['l', 'lista'],
      ['r', 'recomeçar'],
      ['q', 'sair'],
      ['Enter', 'verificar'],
    ],
    waiting: 'Esperando você salvar alguma coisa.',
    started: (shown) => `Olhando ${shown}. Ctrl-C para sair.`,
    changed: (files) => `Mudou: ${files.join(', ')}`,
    more: (lines) => `… e mais ${plural(lines, 'linha', 'linhas')} (veja com \`semdistro verify\`)`,
    running: 'verificando',
    resetQuestion: 'Pôr os arquivos do início de volta? Os seus ficam guardados. [s/N] ',
    resetDone: (backup) => `De volta ao início. O que era seu está em ${backup}`,
    anyKey: 'Qualquer tecla volta.',
    ended: 'Até logo.',
    gone: (shown) => `A pasta ${shown} não está mais lá.`,
    verdictAt: (time) => `às ${time}`,
  },

  hint: {
    head: (at, of, check) => `Dica ${at} de ${of} · ${check}`,
    left: (left) =>
      left === 0 ? 'Era a última.' : `Ainda há ${plural(left, 'dica', 'dicas')}: semdistro hint`,
    noMore: 'Você já leu todas as dicas deste laboratório. Aqui estão elas de novo.',
    none: 'Este laboratório não tem dicas.',
    passed: 'Este laboratório você já passou; a dica vai assim mesmo.',
  },

  solution: {
    locked: (slug) => ({
      message: `a solução de ${slug} aparece depois que a sua resposta passar`,
      hint: `Rode \`semdistro verify\`, ou peça uma dica com \`semdistro hint\`. Para ver assim mesmo: semdistro solution ${slug} --spoil`,
    }),
    same: 'A sua pasta é igual a esta solução.',
    intro: (shown) =>
      `Uma solução, contra ${shown}: o que tem "-" é seu, o que tem "+" é dela. Há outras boas.`,
    introStart: 'Uma solução, contra os arquivos do início. Há outras boas.',
    binary: (path) => `O arquivo binário ${path} é outro.`,
    none: 'Este laboratório não tem solução: é um lugar para experimentar.',
  },

  reset: {
    question: (shown) =>
      `Pôr os arquivos do início de volta em ${shown}? Os seus ficam guardados em .semdistro. [s/N] `,
    needsYes: {
      message: 'não há ninguém a quem perguntar: a entrada não é um terminal',
      hint: 'Com --yes eu não pergunto.',
    },
    kept: 'Nada mudou.',
    done: (backup) =>
      backup === undefined
        ? 'A pasta já estava como no início.'
        : `De volta ao início. O que era seu está em ${backup}`,
  },

  status: {
    columns: ['LAB', 'SITUAÇÃO', 'VERIFICAÇÕES', 'DICAS', 'QUANDO'],
    failing: (title) => `parou em: ${title}`,
    folder: (shown) => `pasta: ${shown}`,
    none: 'Você ainda não começou nenhum. `semdistro list` mostra o que há.',
  },

  doctor: {
    fine: 'Está tudo aí.',
    missing: (count) => plural(count, 'coisa para arrumar.', 'coisas para arrumar.'),
    looking: 'olhando',
  },

  trouble: {
    unknownLab: (slug, name) => ({
      message: `não existe um laboratório "${slug}".${meant(name)}`,
      hint: '`semdistro list` mostra todos.',
    }),
    noLabNamed: (command) => ({
      message: 'qual laboratório?',
      hint: `Escreva o nome, como em \`semdistro ${command} go-static\`. \`semdistro list\` mostra todos.`,
    }),
    notLabFolder: (command, shown) => ({
      message: `${shown} não é a pasta de um laboratório`,
      hint: `Entre na pasta que o \`semdistro start\` fez, ou escreva qual é: \`semdistro ${command} LAB --dir PASTA\`.`,
    }),
    otherLab: (here, asked) => ({
      message: `esta pasta é do laboratório ${here}, não do ${asked}`,
      hint: `Entre na pasta do ${asked}, ou diga qual é com --dir.`,
    }),
    noFolderOf: (slug) => ({
      message: `não achei a sua pasta do laboratório ${slug}`,
      hint: `Comece com \`semdistro start ${slug}\`, ou diga qual é com --dir.`,
    }),
    labGone: (slug, file) => ({
      message: `esta pasta é do laboratório ${slug}, que não existe nesta instalação`,
      hint: `${file} diz isso. Atualize o Sem Distro, ou comece outro laboratório em outra pasta.`,
    }),
    badMarker: (file) => ({
      message: `não entendi ${file}`,
      hint: 'Ele é escrito pelo `semdistro start`. Apague esse arquivo e diga o laboratório na linha de comando, ou comece de novo em outra pasta.',
    }),
    notAFolder: (shown) => ({
      message: `${shown} é um arquivo, não uma pasta`,
      hint: 'Escolha outro nome.',
    }),
    folderMissing: (shown) => ({
      message: `a pasta ${shown} não existe`,
      hint: 'Confira o nome.',
    }),
    notEmpty: (shown, some) => ({
      message: `${shown} já tem alguma coisa (${some.join(', ')}), e eu não mexo em nada que é seu`,
      hint: 'Escolha outra pasta: semdistro start LAB PASTA',
    }),
    alreadyStarted: (slug, shown) => ({
      message: `o laboratório ${slug} já foi começado em ${shown}`,
      hint: 'Entre nela e continue com `semdistro verify`. Para voltar ao início: semdistro reset',
    }),
    insideLab: (slug) => ({
      message: `aqui é dentro da pasta do laboratório ${slug}`,
      hint: 'Saia dela com `cd ..`, ou dê uma pasta fora dela: semdistro start LAB PASTA',
    }),
    unknownOption: (option, name) => `não conheço a opção ${option}.${meant(name)}`,
    needsValue: (option, what) => `falta dizer o que vem depois de ${option}: ${what}`,
    takesNoValue: (option) => `a opção ${option} não leva nada depois do =`,
    tooMany: (extra) => `"${extra}" está sobrando`,
    badLanguage: (value) => ({
      message: `não falo "${value}"`,
      hint: 'As línguas são pt-BR e en.',
    }),
    badEngine: (value, name) => ({
      message: `não existe um motor "${value}".${meant(name)}`,
      hint: 'Os motores são auto, docker, podman e embedded.',
    }),
    unknownCheck: (value, name, all) => ({
      message: `este laboratório não tem uma checagem "${value}".${meant(name)}`,
      hint: all.length === 0 ? 'Ele não tem nenhuma.' : `As dele: ${all.join(', ')}.`,
    }),
    notBoth: (one, other) => `${one} e ${other} não andam juntos: escolha um`,
    startFirst: (slug) => ({
      message: `o laboratório ${slug} tem valores sorteados só para você, e esta pasta não tem nenhum`,
      hint: `Faça uma com \`semdistro start ${slug}\` e ponha a sua resposta nela.`,
    }),
    byCode: {
      'store-full': { message: 'o disco está cheio', hint: 'Libere espaço e rode de novo.' },
      'disk-full': { message: 'o disco está cheio', hint: 'Libere espaço e rode de novo.' },
      'store-permission': {
        message: 'sem permissão na pasta onde o Sem Distro guarda as coisas',
        hint: 'Dê essa pasta ao seu usuário, ou escolha outra em SEMDISTRO_HOME.',
      },
      'store-path': {
        message: 'há um arquivo no lugar da pasta onde o Sem Distro guarda as coisas',
        hint: 'Tire o arquivo de lá, ou escolha outra pasta em SEMDISTRO_HOME.',
      },
      'store-locked': {
        message: 'outro semdistro está segurando um arquivo há tempo demais',
        hint: 'Procure um semdistro parado e termine com ele.',
      },
      'store-io': {
        message: 'o disco falhou',
        hint: 'Olhe o disco; o que já estava feito está salvo.',
      },
      'permission-denied': {
        message: 'sem permissão',
        hint: 'Confira de quem é o arquivo e as permissões dele.',
      },
      'not-found': { message: 'não achei' },
      'is-a-directory': { message: 'é uma pasta, e devia ser um arquivo' },
      'not-a-directory': { message: 'há um arquivo no caminho' },
      'name-too-long': { message: 'o nome é comprido demais' },
      'too-many-links': { message: 'os links simbólicos dão voltas' },
      'too-many-files': {
        message: 'arquivos abertos demais',
        hint: 'Aumente o limite com `ulimit -n`.',
      },
      'file-io': { message: 'o arquivo falhou' },
      'machine-missing': {
        message: 'a máquina que roda os processos ainda não foi feita',
        hint: 'Faça com `npm start`.',
      },
      'machine-damaged': {
        message: 'a máquina que roda os processos está estragada',
        hint: 'Faça de novo com `npm start`.',
      },
      'lab-invalid': { message: 'um laboratório desta instalação tem um defeito' },
    },
  },
};
