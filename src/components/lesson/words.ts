import type { Language } from '../../i18n/languages.ts';

/** What lesson and lab pages say around the authors' words. */
export interface LessonWords {
  readonly lesson: (number: number) => string;
  readonly lessons: string;
  readonly lessonsTitle: string;
  readonly lessonsIntro: string;
  readonly lessonsDescription: string;
  readonly reading: (minutes: number) => string;
  readonly labTime: (minutes: number) => string;
  readonly readIt: string;
  readonly passed: string;
  readonly started: string;
  readonly contents: string;
  readonly sources: string;
  readonly sourceDate: (date: string) => string;
  readonly before: string;
  readonly after: string;
  readonly allLessons: string;
  readonly run: string;
  readonly runHint: string;
  readonly own: string;
  readonly ownTitle: string;
  readonly note: string;
  readonly careful: string;
  readonly myth: string;
  readonly fact: string;
  readonly predict: string;
  readonly showAnswer: string;
  readonly rightAnswer: string;
  readonly guessedRight: string;
  readonly guessedWrong: string;
  readonly quiz: string;
  readonly right: string;
  readonly wrong: string;
  readonly stage: (name: string) => string;
  readonly lines: (lines: string) => string;
  readonly source: string;
  readonly unit: string;
  readonly lab: string;
  readonly openLab: string;
  readonly openWorkbench: string;
  readonly playgroundIntro: string;
  readonly openPlayground: string;
  readonly needsScript: string;
  readonly difficulty: readonly [string, string, string];
  readonly goal: string;
  readonly ofLesson: string;
  readonly checks: string;
  readonly hints: string;
  readonly hintsIntro: string;
  readonly hint: (number: number, count: number) => string;
  readonly start: string;
  readonly startIntro: string;
  readonly editable: string;
  readonly solution: string;
  readonly solutionIntro: string;
  readonly removed: string;
  readonly binary: (bytes: number) => string;
  readonly onYourMachine: string;
  readonly onYourMachineIntro: string;
  readonly workbenchMissing: string;
  readonly fold: string;
  readonly unfold: string;
}

const pt: LessonWords = {
  lesson: (number) => `Lição ${number}`,
  lessons: 'Lições',
  lessonsTitle: 'Dez lições, do que é ao que se entrega',
  lessonsIntro:
    'Cada uma começa com uma pergunta e a responde rodando comandos de verdade, nesta aba. Dá para ler na ordem ou pular para a dúvida que trouxe você aqui.',
  lessonsDescription:
    'Dez lições curtas sobre imagens distroless, cada uma com um experimento e um laboratório que confere a sua resposta.',
  reading: (minutes) => `${minutes} min de leitura`,
  labTime: (minutes) => `${minutes} min de laboratório`,
  readIt: 'lida',
  passed: 'laboratório feito',
  started: 'laboratório começado',
  contents: 'Nesta lição',
  sources: 'Fontes',
  sourceDate: (date) => `consultada em ${date}`,
  before: 'Lição anterior',
  after: 'Próxima lição',
  allLessons: 'Todas as lições',
  run: 'Rodar',
  runHint: 'Rodar no terminal desta página',
  own: 'Só com o seu Docker, ou com internet',
  ownTitle: 'Com o seu Docker',
  note: 'Nota',
  careful: 'Cuidado',
  myth: 'Dizem',
  fact: 'O que acontece',
  predict: 'Antes de rodar',
  showAnswer: 'Ver a resposta',
  rightAnswer: 'Resposta:',
  guessedRight: 'Isso mesmo.',
  guessedWrong: 'Não foi dessa vez.',
  quiz: 'Para conferir',
  right: 'Certo.',
  wrong: 'Não.',
  stage: (name) => `stage ${name}`,
  lines: (lines) => `linhas ${lines}`,
  source: 'Fonte',
  unit: 'Unidade',
  lab: 'Laboratório',
  openLab: 'Abrir o laboratório',
  openWorkbench: 'Abrir a bancada',
  playgroundIntro:
    'Uma pasta sua, um terminal e um Docker de verdade, sem nada para entregar. O que você fizer fica guardado neste navegador.',
  openPlayground: 'Abrir o terminal',
  needsScript:
    'A bancada precisa de JavaScript. Sem ele, tudo o que há no laboratório está abaixo, para fazer no seu próprio Docker.',
  difficulty: ['fácil', 'pede atenção', 'difícil'],
  goal: 'O que fazer',
  ofLesson: 'Da lição',
  checks: 'O que é verificado',
  hints: 'Dicas',
  hintsIntro: 'Uma de cada vez. Nenhuma traz a linha pronta.',
  hint: (number, count) => `Dica ${number} de ${count}`,
  start: 'De onde você parte',
  startIntro: 'Os arquivos que já estão na pasta.',
  editable: 'Você edita',
  solution: 'Uma solução',
  solutionIntro: 'Uma entre várias que passam. Tente antes de abrir.',
  removed: 'Sai da pasta',
  binary: (bytes) => `Arquivo binário, ${bytes.toLocaleString('pt-BR')} bytes.`,
  onYourMachine: 'Na sua máquina',
  onYourMachineIntro: 'Os mesmos arquivos e a mesma verificação, com o seu Docker ou Podman:',
  workbenchMissing: 'A bancada não carregou. Confira a conexão e tente outra vez.',
  fold: 'Recolher a bancada',
  unfold: 'Mostrar a bancada',
};

const en: LessonWords = {
  lesson: (number) => `Lesson ${number}`,
  lessons: 'Lessons',
  lessonsTitle: 'Ten lessons, from what it is to what you ship',
  lessonsIntro:
    'Each begins with a question and answers it by running real commands, in this tab. Read them in order, or go straight to the doubt that brought you here.',
  lessonsDescription:
    'Ten short lessons on distroless images, each with an experiment and a lab that checks your answer.',
  reading: (minutes) => `${minutes} min to read`,
  labTime: (minutes) => `${minutes} min of lab`,
  readIt: 'read',
  passed: 'lab done',
  started: 'lab begun',
  contents: 'In this lesson',
  sources: 'Sources',
  sourceDate: (date) => `looked up on ${date}`,
  before: 'Previous lesson',
  after: 'Next lesson',
  allLessons: 'All lessons',
  run: 'Run',
  runHint: 'Run in the terminal of this page',
  own: 'Only with your own Docker, or with internet',
  ownTitle: 'With your own Docker',
  note: 'Note',
  careful: 'Careful',
  myth: 'They say',
  fact: 'What happens',
  predict: 'Before you run it',
  showAnswer: 'Show the answer',
  rightAnswer: 'Answer:',
  guessedRight: 'That is it.',
  guessedWrong: 'Not this time.',
  quiz: 'Check yourself',
  right: 'Right.',
  wrong: 'No.',
  stage: (name) => `stage ${name}`,
  lines: (lines) => `lines ${lines}`,
  source: 'Source',
  unit: 'Unit',
  lab: 'Lab',
  openLab: 'Open the lab',
  openWorkbench: 'Open the workbench',
  playgroundIntro:
    'A folder of your own, a terminal and a real Docker, with nothing to hand in. What you make is kept in this browser.',
  openPlayground: 'Open the terminal',
  needsScript:
    'The workbench needs JavaScript. Without it, everything that is in the lab is below, to be done with your own Docker.',
  difficulty: ['easy', 'takes thought', 'hard'],
  goal: 'What to do',
  ofLesson: 'Of lesson',
  checks: 'What is checked',
  hints: 'Hints',
  hintsIntro: 'One at a time. None has the line to paste.',
  hint: (number, count) => `Hint ${number} of ${count}`,
  start: 'What you start from',
  startIntro: 'The files that are in the folder already.',
  editable: 'You edit',
  solution: 'A solution',
  solutionIntro: 'One of several that pass. Try before you open it.',
  removed: 'Leaves the folder',
  binary: (bytes) => `A binary file, ${bytes.toLocaleString('en')} bytes.`,
  onYourMachine: 'On your machine',
  onYourMachineIntro: 'The same files and the same checks, with your Docker or Podman:',
  workbenchMissing: 'The workbench did not load. Check the connection and try again.',
  fold: 'Fold the workbench away',
  unfold: 'Show the workbench',
};

export const LESSON_WORDS: Readonly<Record<Language, LessonWords>> = { 'pt-BR': pt, en };
