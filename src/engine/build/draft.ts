import { type GlobalScope, type StageScope, expandIn } from '../dockerfile/scopes.ts';
import type { ArgInstruction, Command } from '../dockerfile/instructions.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig, OciPlatform } from '../oci/image.ts';
import { platformOf } from '../oci/platform.ts';

/** BuildKit's PATH for Linux, where the image sets none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const HISTORY_COMMENT = 'buildkit.dockerfile.v0';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A row of the history to be. */
export interface DraftRow {
  readonly createdBy: string;
  /** It comes from a step and has its layer; rows and steps pair in order. */
  readonly fromStep: boolean;
}

/** What the instructions of one stage have made of its config so far. */
export interface Draft {
  author: string | undefined;
  readonly platform: OciPlatform;
  /** Without what has a collection of its own below: those grow with every line, and must not be copied each time. */
  readonly config: Mutable<Omit<ContainerConfig, 'Env' | 'Labels' | 'ExposedPorts' | 'Volumes'>>;
  readonly env: Map<string, string>;
  readonly labels: Map<string, string>;
  readonly ports: Set<string>;
  readonly volumes: Set<string>;
  /** What instructions are expanded with; a view of `variables` and `args`. */
  readonly scope: StageScope;
  /** ENV, and the ARGs declared in this stage. */
  readonly variables: Map<string, string>;
  readonly args: { readonly name: string; readonly value: string | undefined }[];
  /** CMD was set in this stage: ENTRYPOINT leaves it alone. */
  cmdIsSet: boolean;
  /** Of the base image. */
  readonly baseHistory: readonly HistoryEntry[];
  readonly rows: DraftRow[];
  /** The line of the Dockerfile, from 1, behind each of `rows`. */
  readonly lines: number[];
}

export function emptyDraft(platform: OciPlatform, scope: GlobalScope): Draft {
  return startDraft({ WorkingDir: '/' }, { platform, scope, history: [], author: undefined });
}

export function draftFromImage(image: ImageConfig, scope: GlobalScope): Draft {
  const { history, author } = image;
  return startDraft(image.config, { platform: platformOf(image), scope, history, author });
}

/** A stage on top of another inherits its config, its history and the values of its ARGs. */
export function draftFromStage(base: Draft, scope: GlobalScope): Draft {
  const { platform, author, baseHistory: history } = base;
  const draft = startDraft(configOf(base), { platform, scope, history, author });
  for (const [name, value] of base.variables) draft.variables.set(name, value);
  for (const row of base.rows) draft.rows.push(row);
  for (const line of base.lines) draft.lines.push(line);
  return draft;
}

function startDraft(
  base: ContainerConfig,
  start: {
    readonly platform: OciPlatform;
    readonly scope: GlobalScope;
    readonly history: readonly HistoryEntry[];
    readonly author: string | undefined;
  },
): Draft {
  const { Env, Labels, ExposedPorts, Volumes, ...config } = structuredClone(base);
  const env = new Map((Env ?? []).map(splitPair));
  if (!env.has('PATH')) env.set('PATH', DEFAULT_PATH);
  const variables = new Map(env);
  const args: Draft['args'] = [];
  return {
    author: start.author,
    platform: start.platform,
    config,
    env,
    labels: new Map(Object.entries(Labels ?? {})),
    ports: new Set(Object.keys(ExposedPorts ?? {})),
    volumes: new Set(Object.keys(Volumes ?? {})),
    scope: { global: start.scope, env: variables, args },
    variables,
    args,
    cmdIsSet: false,
    baseHistory: start.history,
    rows: [],
    lines: [],
  };
}

/** The config as the image has it; collections with nothing in them are left out. */
export function configOf({ config, env, labels, ports, volumes }: Draft): ContainerConfig {
  const objects = (keys: Iterable<string>): Record<string, Record<string, never>> =>
    Object.fromEntries([...keys].map((key) => [key, {}]));
  return {
    ...config,
    ...(env.size > 0 && { Env: [...env].map(([name, value]) => `${name}=${value}`) }),
    ...(labels.size > 0 && { Labels: Object.fromEntries(labels) }),
    ...(ports.size > 0 && { ExposedPorts: objects(ports) }),
    ...(volumes.size > 0 && { Volumes: objects(volumes) }),
  };
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** A name keeps its place in the list when its value changes. */
export function setEnv(draft: Draft, name: string, value: string): void {
  draft.env.set(name, value);
  draft.variables.set(name, value);
}

/**
 * An ARG: `--build-arg` first, then its own default, then what a global ARG of that name holds.
 * Its row in the history shows defaults, never what `--build-arg` gave.
 */
export function declareArgs(draft: Draft, instruction: ArgInstruction): void {
  const { global } = draft.scope;
  const names = instruction.args.map(({ name }) => expandIn(draft.scope, name));
  // As BuildKit: all of the instruction is expanded before any of it is declared.
  const values = instruction.args.map(({ value }) =>
    value === undefined ? undefined : expandIn(draft.scope, value),
  );
  for (const [index, name] of names.entries()) {
    const value = global.buildArgs.get(name) ?? values[index] ?? global.args.get(name);
    if (value !== undefined) draft.variables.set(name, value);
    draft.args.push({ name, value });
  }
  const shown = names.map((name, index) => {
    const value = values[index];
    return value === undefined ? name : `${name}=${value}`;
  });
  draft.rows.push({ createdBy: `ARG ${shown.join(' ')}`, fromStep: false });
}

/** The argument vector of a command; the shell form goes through SHELL. */
export function argvOf(draft: Draft, command: Command): readonly string[] {
  if (command.form === 'exec') return command.argv;
  return [...shellOf(draft), command.line];
}

export function shellOf(draft: Draft): readonly string[] {
  const shell = draft.config.Shell;
  return shell && shell.length > 0 ? shell : ['/bin/sh', '-c'];
}
