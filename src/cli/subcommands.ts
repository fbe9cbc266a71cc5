/** One word after `semdistro`. */
export interface Subcommand {
  readonly name: string;
  /** What follows the name in a usage line. */
  readonly usage: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Whole command lines, shown by `semdistro --help`. */
  readonly examples: readonly string[];
  /**
   * Loads the command's code, only when it is called: `--help` must not wait for it. What is
   * loaded takes the arguments after the name and resolves to the exit code; it prints its own
   * `--help`.
   */
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

export const subcommands: readonly Subcommand[] = [];
