import { EngineError } from '../errors.ts';
import { expand, type Environment, type EscapeCharacter } from './expand.ts';
import type { Dockerfile, FromInstruction } from './instructions.ts';
import { located } from './located-error.ts';

/** `--build-arg NAME=value`. */
export type BuildArgs = ReadonlyMap<string, string>;

export interface PlatformNames {
  /** `linux/386`, `linux/arm/v7`. */
  readonly build: string;
  readonly target: string;
}

/** What is known before the first FROM: platform arguments and the ARGs up there. */
export interface GlobalScope {
  /** What FROM sees. */
  readonly env: Environment;
  /** Values a stage gets when it declares the name without a value of its own. */
  readonly args: ReadonlyMap<string, string | undefined>;
  readonly buildArgs: BuildArgs;
  readonly escape: EscapeCharacter;
}

/** `BUILDPLATFORM`, `TARGETARCH` and so on, unless `--build-arg` says something else. */
function platformArgs({ build, target }: PlatformNames): ReadonlyMap<string, string> {
  const args = new Map<string, string>();
  for (const [prefix, name] of [
    ['BUILD', build],
    ['TARGET', target],
  ] as const) {
    const [os = '', architecture = '', variant = ''] = name.split('/');
    args.set(`${prefix}PLATFORM`, name);
    args.set(`${prefix}OS`, os);
    args.set(`${prefix}ARCH`, architecture);
    args.set(`${prefix}VARIANT`, variant);
  }
  return args;
}

/** Reads the ARGs before the first FROM; a default that cannot be expanded is empty, as in BuildKit. */
export function globalScope(
  dockerfile: Dockerfile,
  buildArgs: BuildArgs,
  platforms: PlatformNames,
): GlobalScope {
  const { escape } = dockerfile.directives;
  const args = new Map<string, string | undefined>();
  for (const [name, value] of platformArgs(platforms)) args.set(name, buildArgs.get(name) ?? value);
  for (const { name, value } of dockerfile.globalArgs.flatMap((arg) => arg.args)) {
    const given = buildArgs.get(name);
    args.set(name, given ?? (value === undefined ? undefined : quietly(value, args, escape)));
  }
  return { env: known(args), args, buildArgs, escape };
}

function quietly(
  value: string,
  args: ReadonlyMap<string, string | undefined>,
  escape: EscapeCharacter,
): string {
  try {
    return expand(value, known(args), escape);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'bad-substitution') return '';
    throw error;
  }
}

/** A declared argument without a value is an empty one to FROM. */
function known(args: ReadonlyMap<string, string | undefined>): Environment {
  return new Map([...args].map(([name, value]) => [name, value ?? '']));
}

/**
 * Image (or stage name) and platform of a FROM, variables replaced. Throws `blank-base` in
 * BuildKit's words when nothing is left.
 */
export function resolveFrom(
  from: FromInstruction,
  scope: GlobalScope,
): { readonly image: string; readonly platform?: string } {
  return located(from.range, () => {
    const image = expand(from.image, scope.env, scope.escape);
    if (image === '') {
      throw new EngineError('blank-base', `base name (${from.image}) should not be blank`, {
        hint: 'Declare the variable with ARG before the first FROM and give it a default.',
      });
    }
    if (from.platform === undefined) return { image };
    return { image, platform: expand(from.platform, scope.env, scope.escape) };
  });
}

/** The variables inside a stage, as far as it is built. */
export interface StageScope {
  readonly global: GlobalScope;
  /**
   * What instructions are expanded with and RUN gets as environment: the image's environment, ENV
   * and ARG, the later instruction winning (so an ARG below an ENV hides it, in the stage only).
   */
  readonly env: Environment;
  /** Declared ARGs, in order: RUN's history begins with them (`|2 A=1 B=2 …`). */
  readonly args: readonly { readonly name: string; readonly value: string | undefined }[];
}

/** Expands one word with what the stage knows by now. */
export function expandIn(scope: StageScope, word: string): string {
  return expand(word, scope.env, scope.global.escape);
}

/** What stands before a RUN's command in history: `|1 VERSION=3 `, or nothing. */
export function historyArgs({ args, env }: StageScope): string {
  if (args.length === 0) return '';
  const shown = args.map(({ name, value }) => `${name}=${env.get(name) ?? value ?? ''}`);
  return `|${args.length} ${shown.join(' ')} `;
}

const PROXIES: readonly string[] = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'FTP_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
];

/** Needs no ARG: it reaches RUN's environment, in both cases, and neither cache nor history. */
function isProxyArg(name: string): boolean {
  return PROXIES.includes(name.toUpperCase());
}

/** `NAME=value` for RUN from `--build-arg HTTP_PROXY=…` and its like. */
export function proxyEnvironment(buildArgs: BuildArgs): readonly string[] {
  return [...buildArgs]
    .filter(([name]) => isProxyArg(name))
    .flatMap(([name, value]) => [
      `${name.toUpperCase()}=${value}`,
      `${name.toLowerCase()}=${value}`,
    ]);
}

/** Docker's warning about `--build-arg`s no ARG asks for, or undefined. */
export function unconsumedWarning(
  dockerfile: Dockerfile,
  buildArgs: BuildArgs,
): string | undefined {
  const declared = new Set<string>(platformArgs({ build: '', target: '' }).keys());
  const inStages = dockerfile.stages.flatMap(({ instructions }) => instructions);
  for (const instruction of [...dockerfile.globalArgs, ...inStages]) {
    if (instruction.kind !== 'arg') continue;
    for (const { name } of instruction.args) declared.add(name);
  }
  const unused = [...buildArgs.keys()].filter(
    (name) =>
      !declared.has(name) && !isProxyArg(name) && !/^(?:BUILDKIT_|SOURCE_DATE_EPOCH$)/.test(name),
  );
  if (unused.length === 0) return undefined;
  return `[Warning] One or more build-args [${unused.sort().join(' ')}] were not consumed`;
}
