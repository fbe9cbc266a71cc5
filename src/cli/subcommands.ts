/** Where a command writes; process.stdout and process.stderr are two of them. */
export interface Output {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

interface Sink {
  write(text: string): unknown;
}

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
    name: 'pantry',
    summary: 'Builds, lists, verifies and exports the base images',
    examples: ['semdistro pantry list', 'semdistro pantry export -o /media/stick'],
    load: async () => (await import('./pantry.ts')).pantry,
  },
];
