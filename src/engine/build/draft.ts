import { type GlobalScope, type StageScope, stageScope, withEnv } from '../dockerfile/scopes.ts';
import type { Command } from '../dockerfile/instructions.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig, OciPlatform } from '../oci/image.ts';

/** BuildKit's PATH for Linux, where the image sets none. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
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
  readonly config: Mutable<ContainerConfig>;
  /** What instructions are expanded with: ENV, and the ARGs declared in this stage. */
  scope: StageScope;
  /** CMD was set in this stage: ENTRYPOINT leaves it alone. */
  cmdIsSet: boolean;
  /** Of the base image. */
  readonly baseHistory: readonly HistoryEntry[];
  readonly rows: DraftRow[];
}

export function emptyDraft(platform: OciPlatform, scope: GlobalScope): Draft {
  return startDraft({ WorkingDir: '/' }, { platform, scope, history: [], author: undefined });
}

export function draftFromImage(image: ImageConfig, scope: GlobalScope): Draft {
  const { os, architecture, variant, history, author } = image;
  const platform = { os, architecture, ...(variant !== undefined && { variant }) };
  return startDraft(image.config, { platform, scope, history, author });
}

/** A stage on top of another inherits its config, its history and the values of its ARGs. */
export function draftFromStage(base: Draft, scope: GlobalScope): Draft {
  const { platform, author, baseHistory: history } = base;
  const draft = startDraft(base.config, { platform, scope, history, author });
  return { ...draft, scope: { ...draft.scope, env: base.scope.env }, rows: [...base.rows] };
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
  const config: Mutable<ContainerConfig> = structuredClone(base);
  const env = config.Env ?? [];
  if (!env.some((pair) => splitPair(pair)[0] === 'PATH')) {
    config.Env = [...env, `PATH=${DEFAULT_PATH}`];
  }
  return {
    author: start.author,
    platform: start.platform,
    config,
    scope: stageScope(start.scope, config.Env ?? []),
    cmdIsSet: false,
    baseHistory: start.history,
    rows: [],
  };
}

export function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** A name keeps its place in the list when its value changes. */
export function setEnv(draft: Draft, name: string, value: string): void {
  const pairs = [...(draft.config.Env ?? [])];
  const at = pairs.findIndex((pair) => splitPair(pair)[0] === name);
  pairs.splice(at < 0 ? pairs.length : at, 1, `${name}=${value}`);
  draft.config.Env = pairs;
  draft.scope = withEnv(draft.scope, [{ name, value }]);
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
