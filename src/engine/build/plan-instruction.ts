import { expandHeredoc } from '../dockerfile/expand.ts';
import type {
  CopyInstruction,
  Instruction,
  RunInstruction,
  WordInstruction,
} from '../dockerfile/instructions.ts';
import { resolveMount } from '../dockerfile/mounts.ts';
import { remoteSource } from '../dockerfile/remote-source.ts';
import { expandIn, historyArgs, proxyEnvironment } from '../dockerfile/scopes.ts';
import { cleanGoPath } from '../dockerfile/glob.ts';
import { EngineError } from '../errors.ts';
import { applyConfig } from './apply-config.ts';
import { parseChmod } from './chmod.ts';
import { argvOf, declareArgs, type Draft, shellOf } from './draft.ts';
import type { CopyStep, MakeDirectoryStep, Origin, RunStep, Step } from './step.ts';
import { heredocSummary, type Prefix, titleOf } from './titles.ts';

export interface InstructionSetting {
  readonly prefix: Prefix;
  readonly noCache: boolean;
  /** What `COPY --from` means. */
  source(from: string): Origin;
  /** What `RUN --mount=from=` means. */
  mountSource(from: string): Origin;
}

/**
 * Applies an instruction to the draft. The step it asks for, with everything expanded, when it
 * touches files. Errors: EngineError, without a place.
 */
export function planInstruction(
  draft: Draft,
  instruction: Instruction,
  setting: InstructionSetting,
): Step | undefined {
  switch (instruction.kind) {
    case 'arg':
      declareArgs(draft, instruction);
      return undefined;
    case 'workdir':
      return planWorkdir(draft, instruction, setting);
    case 'copy':
    case 'add':
      return planCopy(draft, instruction, setting);
    case 'run':
      return planRun(draft, instruction, setting);
    default:
      applyConfig(draft, instruction);
      return undefined;
  }
}

/** `dir` (absolute) and what is typed, as BuildKit joins them: a slash at the end stays. */
export function joinWorkdir(dir: string, path: string): string {
  const joined = path.startsWith('/') ? path : `${dir === '' ? '/' : dir}/${path}`;
  const cleaned = cleanGoPath(`/${joined}`);
  const isDirectory = /(?:^|\/)\.?$/.test(path) && path !== '';
  return isDirectory && cleaned !== '/' ? `${cleaned}/` : cleaned;
}

function planWorkdir(
  draft: Draft,
  instruction: WordInstruction,
  setting: InstructionSetting,
): MakeDirectoryStep | undefined {
  const title = setting.prefix() + titleOf(instruction.text, draft.scope);
  const typed = expandIn(draft.scope, instruction.value);
  // Docker 26 keeps an absolute path as it is typed, and only cleans what it joins.
  const path = typed.startsWith('/')
    ? typed
    : cleanGoPath(joinWorkdir(draft.config.WorkingDir ?? '/', typed));
  draft.config.WorkingDir = path;
  draft.rows.push({ createdBy: `WORKDIR ${path}`, fromStep: path !== '/' });
  if (path === '/') return undefined;
  const user = draft.config.User ?? '';
  return { kind: 'mkdir', title, range: instruction.range, noCache: setting.noCache, path, user };
}

function planCopy(
  draft: Draft,
  instruction: CopyInstruction,
  setting: InstructionSetting,
): CopyStep {
  const { scope } = draft;
  const word = (text: string): string => expandIn(scope, text);
  const title = setting.prefix() + titleOf(instruction.text, scope);
  const sources = instruction.sources.map(word);
  if (instruction.kind === 'add') sources.forEach(refuseRemote);
  if (instruction.checksum !== undefined) {
    throw new EngineError('checksum-local', "checksum can't be specified for non-HTTP(S) sources", {
      hint: '--checksum is for files that ADD fetches.',
    });
  }
  const destination = word(instruction.destination);
  const chown = instruction.chown === undefined ? undefined : word(instruction.chown);
  const chmod = instruction.chmod === undefined ? undefined : word(instruction.chmod);
  const heredocs = instruction.heredocs.map((heredoc) => ({
    name: heredoc.name,
    content: heredoc.expand ? expandHeredoc(heredoc.content, scope.env) : heredoc.content,
  }));
  const words = [
    instruction.kind.toUpperCase(),
    ...(instruction.parents ? ['--parents'] : []),
    ...(chown === undefined ? [] : [`--chown=${chown}`]),
    ...(chmod === undefined ? [] : [`--chmod=${chmod}`]),
    ...sources,
    ...heredocs.map(({ name }) => `<<${name}`),
    destination,
  ];
  draft.rows.push({ createdBy: `${words.join(' ')} # buildkit`, fromStep: true });
  return {
    kind: 'copy',
    title,
    range: instruction.range,
    noCache: setting.noCache,
    origin: instruction.from === undefined ? { kind: 'context' } : setting.source(instruction.from),
    unpack: instruction.kind === 'add' && (instruction.unpack ?? true),
    sources,
    heredocs,
    destination: joinWorkdir(draft.config.WorkingDir ?? '/', destination),
    chown,
    chmod: chmod === undefined ? undefined : { text: chmod, apply: parseChmod(chmod) },
    link: instruction.link,
    parents: instruction.parents,
    exclude: instruction.exclude.map(word),
  };
}

function refuseRemote(source: string): void {
  const remote = remoteSource(source);
  if (remote === undefined) return;
  const what = remote === 'git' ? 'a git repository' : 'a URL';
  throw new EngineError(
    'remote-source',
    `ADD of ${what} is not possible: this engine has no network (${source})`,
    {
      hint: 'Download it into the build context and name the file here.',
    },
  );
}

function planRun(draft: Draft, instruction: RunInstruction, setting: InstructionSetting): RunStep {
  const { scope } = draft;
  const { argv, script, summary } = commandOf(draft, instruction);
  const title = setting.prefix() + titleOf(instruction.text, scope) + summary;
  draft.rows.push({
    createdBy: `RUN ${historyArgs(scope)}${argv.join(' ')} # buildkit`,
    fromStep: true,
  });
  const mounts = instruction.mounts.map(({ text }) => {
    const mount = resolveMount(text, (value) => expandIn(scope, value));
    return { mount, origin: mountOrigin(mount.type, mount.from ?? '', setting) };
  });
  return {
    kind: 'run',
    title,
    range: instruction.range,
    noCache: setting.noCache,
    argv,
    env: [...scope.env].map(([name, value]) => `${name}=${value}`),
    secretEnv: proxyEnvironment(scope.global.buildArgs),
    cwd: draft.config.WorkingDir ?? '/',
    user: draft.config.User ?? '',
    network: instruction.network,
    mounts,
    script,
  };
}

function mountOrigin(type: string, from: string, setting: InstructionSetting): Origin | undefined {
  if (type !== 'bind' && type !== 'cache') return undefined;
  if (from !== '') return setting.mountSource(from);
  return type === 'bind' ? { kind: 'context' } : undefined;
}

interface RunCommand {
  readonly argv: readonly string[];
  readonly script: RunStep['script'];
  readonly summary: string;
}

/** A lone heredoc is the script itself; with a command before it, the shell gets it all to handle. */
function commandOf(draft: Draft, { command }: RunInstruction): RunCommand {
  const plain = { script: undefined, summary: '' };
  if (command.form === 'exec' || command.heredocs.length === 0) {
    return { argv: argvOf(draft, command), ...plain };
  }
  const shell = shellOf(draft);
  const [first] = command.heredocs;
  if (!first || !isLone(command.line)) {
    const bodies = command.heredocs.map(({ raw, name }) => `\n${raw}${name}`).join('');
    return { argv: [...shell, command.line + bodies], ...plain };
  }
  const summary = heredocSummary(first.raw);
  if (!first.raw.startsWith('#!'))
    return { argv: [...shell, first.content], script: undefined, summary };
  const path = `/dev/pipes/${first.name}`;
  return { argv: [...shell, path], script: { path, content: first.content }, summary };
}

function isLone(line: string): boolean {
  return /^\d*<<-?[^<\s]*$/.test(line.trim());
}
