import type { HealthConfig } from '../oci/image.ts';
import type { SourceRange } from './diagnostic.ts';

/**
 * A Dockerfile after parsing: one typed object per instruction. Variables are not expanded yet
 * (`expand.ts` does that while building, since ENV and ARG change what later lines see).
 */
export interface Dockerfile {
  readonly directives: Directives;
  /** ARGs before the first FROM. */
  readonly globalArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
  readonly source: string;
}

export interface Directives {
  readonly escape: '\\' | '`';
  readonly syntax?: string;
  /** `# check=skip=…;error=true;experimental=…` */
  readonly check?: CheckDirective;
}

export interface CheckDirective {
  /** Names of build checks in lower case; `all` skips every one. */
  readonly skip: readonly string[];
  /** Names of experimental checks to run, in lower case; `all` runs every one. */
  readonly experimental: readonly string[];
  /** A finding fails the build. */
  readonly error: boolean;
}

export interface Stage {
  readonly index: number;
  /** Lower case, as BuildKit compares it. */
  readonly name?: string;
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
}

interface Base {
  readonly range: SourceRange;
  /** The instruction as written with continuations joined: what progress output shows. */
  readonly text: string;
}

export interface FromInstruction extends Base {
  readonly kind: 'from';
  /** Image, stage name or `scratch`, unexpanded. */
  readonly image: string;
  readonly platform?: string;
  readonly as?: string;
}

/** Shell form is one string for the SHELL; exec form is an argument vector. */
export type Command =
  | { readonly form: 'shell'; readonly line: string; readonly heredocs: readonly Heredoc[] }
  | { readonly form: 'exec'; readonly argv: readonly string[] };

export interface Heredoc {
  readonly name: string;
  readonly content: string;
  /** False when the name was quoted. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are already removed from `content`. */
  readonly chomp: boolean;
  /** As written, tabs included: what a shell is handed, and what ends up in history. */
  readonly raw: string;
}

export interface RunInstruction extends Base {
  readonly kind: 'run';
  readonly command: Command;
  readonly mounts: readonly MountFlag[];
  readonly network: 'default' | 'none' | 'host';
}

export interface MountFlag {
  /** `undefined` when the type holds a variable. */
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh' | undefined;
  /** Unexpanded; a key without `=` has the value `''`. `resolveMount` gives the typed mount. */
  readonly options: Readonly<Record<string, string>>;
  /** The flag's value as written: `resolveMount` wants this, since the order of keys counts. */
  readonly text: string;
  readonly range: SourceRange;
}

/** COPY and ADD. */
export interface CopyInstruction extends Base {
  readonly kind: 'copy' | 'add';
  readonly sources: readonly string[];
  /** Heredocs written as sources, in order, after the plain ones. */
  readonly heredocs: readonly Heredoc[];
  readonly destination: string;
  readonly from?: string;
  readonly chown?: string;
  readonly chmod?: string;
  readonly link: boolean;
  readonly parents: boolean;
  readonly exclude: readonly string[];
  /** ADD only. */
  readonly checksum?: string;
  readonly keepGitDir?: boolean;
  readonly unpack?: boolean;
}

export interface ArgInstruction extends Base {
  readonly kind: 'arg';
  readonly args: readonly { readonly name: string; readonly value?: string }[];
}

export interface PairsInstruction extends Base {
  readonly kind: 'env' | 'label';
  readonly pairs: readonly { readonly name: string; readonly value: string }[];
  /** `ENV name value`, without `=`. */
  readonly legacy: boolean;
}

export interface WordInstruction extends Base {
  readonly kind: 'workdir' | 'user' | 'stopsignal' | 'maintainer';
  readonly value: string;
}

export interface WordsInstruction extends Base {
  readonly kind: 'expose' | 'volume';
  readonly values: readonly string[];
}

export interface CommandInstruction extends Base {
  readonly kind: 'cmd' | 'entrypoint';
  readonly command: Command;
}

export interface ShellInstruction extends Base {
  readonly kind: 'shell';
  readonly argv: readonly string[];
}

export interface HealthcheckInstruction extends Base {
  readonly kind: 'healthcheck';
  /** `NONE`, or options and the command (unresolved against SHELL). */
  readonly health:
    | { readonly none: true }
    | {
        readonly none: false;
        readonly command: Command;
        readonly options: Omit<HealthConfig, 'Test'>;
      };
}

export interface OnbuildInstruction extends Base {
  readonly kind: 'onbuild';
  /** The trigger, as stored in the image config. */
  readonly trigger: string;
}

export type Instruction =
  | RunInstruction
  | CopyInstruction
  | ArgInstruction
  | PairsInstruction
  | WordInstruction
  | WordsInstruction
  | CommandInstruction
  | ShellInstruction
  | HealthcheckInstruction
  | OnbuildInstruction;
