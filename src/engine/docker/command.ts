import type { Engine } from '../engine.ts';
import type { Session } from './session.ts';

/** One command of the `docker` command line: what `--help` shows, what is accepted, what runs. */
export interface CommandDefinition {
  /** Path of words after `docker`: `build`, `image ls`. */
  readonly name: string;
  /** Other paths that mean the same, in the order `--help` lists them: `image ls`, `image list`, `images`. */
  readonly aliases?: readonly string[];
  /** What follows the name in the usage line: `[OPTIONS] IMAGE [IMAGE...]`. */
  readonly usage: string;
  /** One sentence without a full stop, as in the list of commands. */
  readonly summary: string;
  /** What `--help` says in place of the summary. */
  readonly description?: string;
  readonly flags: readonly FlagDefinition[];
  /** True when flags end at the first argument, since what follows is another program's: `run IMAGE sh -c …`. */
  readonly flagsFirst?: boolean;
  /** Number of arguments accepted; `max` undefined: any number. */
  readonly arguments: { readonly min: number; readonly max?: number };
  /** Whole command lines, shown by `--help`. */
  readonly examples: readonly string[];
  /**
   * True when it stores blobs before something refers to them. No garbage is collected while it
   * runs, in this process or in another.
   */
  readonly stores?: boolean;
  /**
   * The plugin of Docker's command line that has this command in truth, `buildx`: usage and
   * messages go by `docker buildx build`.
   */
  readonly plugin?: string;
  /** Resolves to the exit code. An EngineError thrown is printed with its `exitCode` as the result. */
  run(context: CommandContext): Promise<number>;
}

export interface FlagDefinition {
  /** Without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  readonly kind: 'bool' | 'string' | 'list' | 'int';
  /** Shown after the name in `--help`: `string`, `stringArray`, `filter`, `bytes`. Nothing for a bool. */
  readonly value?: string;
  readonly help: string;
  /** Value when not given, as text; a bool defaults to `false`. */
  readonly default?: string;
  /** Accepted but not shown. */
  readonly hidden?: boolean;
  /** Why a value is refused, as Docker words it; undefined when it is fine. */
  check?(value: string): string | undefined;
}

export interface CommandContext {
  readonly engine: Engine;
  readonly session: Session;
  readonly args: readonly string[];
  readonly flags: Flags;
}

/** Parsed flags. Asking for one that the command does not define, or by another kind, is a bug and throws. */
export interface Flags {
  bool(name: string): boolean;
  /** Undefined when not given and without a default. */
  string(name: string): string | undefined;
  int(name: string): number | undefined;
  /** Every value, in order; values are not split at commas. */
  list(name: string): readonly string[];
  /** Whether the command has a flag of this name. */
  has(name: string): boolean;
  /** Whether it was on the command line. */
  given(name: string): boolean;
}
