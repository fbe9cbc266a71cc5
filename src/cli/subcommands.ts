import type { Words } from '../verify/words.ts';
import type { LabCommand } from './labs/command.ts';
import type { Output } from './output.ts';

/** Runs a command with the arguments after its name. Resolves to the exit code; prints its own `--help`. */
export type Run = (args: readonly string[], output: Output) => Promise<number>;

/** One word after `semdistro`. */
export interface Subcommand {
  readonly name: string;
  /** Where `semdistro --help` shows it. */
  readonly part: 'labs' | 'tools';
  /** One sentence without a full stop. */
  readonly summary: Words;
  /** Whole command lines, shown by `semdistro --help`. */
  readonly examples: readonly string[];
  /** Loads the command's code, only when it is called: `--help` must not wait for it. */
  load(): Promise<Run>;
}

async function labRun(load: () => Promise<LabCommand>): Promise<Run> {
  const [{ asRun }, command] = await Promise.all([import('./labs/command.ts'), load()]);
  return asRun(command);
}

export const subcommands: readonly Subcommand[] = [
  {
    name: 'list',
    part: 'labs',
    summary: {
      'pt-BR': 'Lista os laboratórios, e o que você já fez',
      en: 'Lists the labs, and what you have done',
    },
    examples: [],
    load: () => labRun(async () => (await import('./labs/list.ts')).listCommand),
  },
  {
    name: 'start',
    part: 'labs',
    summary: {
      'pt-BR': 'Faz a pasta de um laboratório',
      en: 'Makes the folder of a lab',
    },
    examples: ['semdistro start go-static'],
    load: () => labRun(async () => (await import('./labs/start.ts')).startCommand),
  },
  {
    name: 'verify',
    part: 'labs',
    summary: {
      'pt-BR': 'Verifica a sua resposta e diz o que falta, e por quê',
      en: 'Checks your answer and says what is missing, and why',
    },
    examples: ['semdistro verify', 'semdistro verify --engine docker --json'],
    load: () => labRun(async () => (await import('./labs/verify.ts')).verifyCommand),
  },
  {
    name: 'watch',
    part: 'labs',
    summary: {
      'pt-BR': 'Verifica a cada vez que você salva',
      en: 'Checks whenever you save',
    },
    examples: ['semdistro watch'],
    load: () => labRun(async () => (await import('./labs/watch/watch.ts')).watchCommand),
  },
  {
    name: 'hint',
    part: 'labs',
    summary: {
      'pt-BR': 'Dá uma dica de cada vez',
      en: 'Gives one hint at a time',
    },
    examples: [],
    load: () => labRun(async () => (await import('./labs/hint.ts')).hintCommand),
  },
  {
    name: 'solution',
    part: 'labs',
    summary: {
      'pt-BR': 'Mostra uma solução, depois que a sua passou',
      en: 'Shows a solution, once yours has passed',
    },
    examples: [],
    load: () => labRun(async () => (await import('./labs/solution.ts')).solutionCommand),
  },
  {
    name: 'reset',
    part: 'labs',
    summary: {
      'pt-BR': 'Põe os arquivos do início de volta, guardando os seus',
      en: 'Puts the files of the start back, keeping yours aside',
    },
    examples: [],
    load: () => labRun(async () => (await import('./labs/reset.ts')).resetCommand),
  },
  {
    name: 'status',
    part: 'labs',
    summary: {
      'pt-BR': 'Mostra o que você começou e o que passou',
      en: 'Shows what you have started and what has passed',
    },
    examples: [],
    load: () => labRun(async () => (await import('./labs/status.ts')).statusCommand),
  },
  {
    name: 'doctor',
    part: 'labs',
    summary: {
      'pt-BR': 'Diz de que esta instalação é feita, o que falta, e como arrumar',
      en: 'Says what this installation is made of, what is missing, and how to repair it',
    },
    examples: [],
    load: () => labRun(async () => (await import('./labs/doctor.ts')).doctorCommand),
  },
  {
    name: 'sh',
    part: 'tools',
    summary: {
      'pt-BR':
        'Abre um shell num Linux próprio, em que o docker constrói imagens e roda contêineres',
      en: 'Opens a shell in a Linux of its own, where docker builds and runs containers',
    },
    examples: ['semdistro sh', "semdistro sh -c 'docker run --rm busybox echo hello'"],
    load: async () => (await import('./sh/sh.ts')).sh,
  },
  {
    name: 'docker',
    part: 'tools',
    summary: {
      'pt-BR': 'Constrói imagens e roda contêineres, com as palavras e as opções do Docker',
      en: 'Builds images and runs containers, with the words and options of Docker',
    },
    examples: ['semdistro docker build -t app .', 'semdistro docker history app'],
    load: async () => (await import('./docker.ts')).runDocker,
  },
  {
    name: 'diff',
    part: 'tools',
    summary: {
      'pt-BR': 'Diz o que mudou de uma imagem para outra: camadas, arquivos, configuração, pacotes',
      en: 'Says what changed between two images: layers, files, configuration, packages',
    },
    examples: ['semdistro diff debian:trixie-slim gcr.io/distroless/base'],
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'layers',
    part: 'tools',
    summary: {
      'pt-BR': 'Lista o que cada camada de uma imagem traz, e a linha que a fez',
      en: 'Lists what each layer of an image adds, and the line that made it',
    },
    examples: ['semdistro layers gcr.io/distroless/static'],
    load: async () => (await import('./layers.ts')).layers,
  },
  {
    name: 'pantry',
    part: 'tools',
    summary: {
      'pt-BR': 'Monta, lista, confere e exporta as imagens base',
      en: 'Builds, lists, verifies and exports the base images',
    },
    examples: ['semdistro pantry list', 'semdistro pantry export -o /media/stick'],
    load: async () => (await import('./pantry.ts')).pantry,
  },
  {
    name: 'machine',
    part: 'tools',
    summary: {
      'pt-BR': 'Faz a máquina que roda os processos, e diz qual há',
      en: 'Makes the machine that runs processes, and says which one there is',
    },
    examples: ['semdistro machine build', 'semdistro machine status'],
    load: async () => (await import('./machine-command.ts')).machineCommand,
  },
];
