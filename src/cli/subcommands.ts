import type { Output } from './output.ts';

/** Runs a command with the arguments after its name. Resolves to the exit code; prints its own `--help`. */
export type Run = (args: readonly string[], output: Output) => Promise<number>;

/** One word after `semdistro`. */
export interface Subcommand {
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Whole command lines, shown by `semdistro --help`. */
  readonly examples: readonly string[];
  /** Loads the command's code, only when it is called: `--help` must not wait for it. */
  load(): Promise<Run>;
}

export const subcommands: readonly Subcommand[] = [
  {
    name: 'sh',
    summary: 'Opens a shell in a Linux of its own, where docker builds and runs containers',
    examples: ['semdistro sh', "semdistro sh -c 'docker run --rm busybox echo hello'"],
    load: async () => (await import('./sh/sh.ts')).sh,
  },
  {
    name: 'docker',
    summary: 'Builds images and runs containers, with the words and options of Docker',
    examples: ['semdistro docker build -t app .', 'semdistro docker history app'],
    load: async () => (await import('./docker.ts')).runDocker,
  },
  {
    name: 'diff',
    summary: 'Says what changed between two images: layers, files, configuration, packages',
    examples: ['semdistro diff debian:trixie-slim gcr.io/distroless/base'],
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'layers',
    summary: 'Lists what each layer of an image adds, and the line that made it',
    examples: ['semdistro layers gcr.io/distroless/static'],
    load: async () => (await import('./layers.ts')).layers,
  },
  {
    name: 'pantry',
    summary: 'Builds, lists, verifies and exports the base images',
    examples: ['semdistro pantry list', 'semdistro pantry export -o /media/stick'],
    load: async () => (await import('./pantry.ts')).pantry,
  },
  {
    name: 'machine',
    summary: 'Makes the machine that runs processes, and says which one there is',
    examples: ['semdistro machine build', 'semdistro machine status'],
    load: async () => (await import('./machine-command.ts')).machineCommand,
  },
  {
    name: 'doctor',
    summary: 'Says what this installation is made of, and what is missing',
    examples: ['semdistro doctor'],
    load: async () => (await import('./doctor.ts')).doctor,
  },
];
