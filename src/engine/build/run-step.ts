import { utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { baseName, rootedPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import { cleanGoPath } from '../dockerfile/glob.ts';
import { quote } from '../format/go-quote.ts';
import { joinWorkdir } from './plan-instruction.ts';
import type { RunMount, RunOutput } from './process-host.ts';
import type { PlannedMount, RunStep } from './step.ts';
import { withParents } from './upper.ts';

/** A mount whose files are at hand. */
export interface ReadyMount {
  readonly planned: PlannedMount;
  readonly tree: FileTree | undefined;
}

/** The parts of a RUN that decide its result, without base and mounted files. Secrets and proxies do not. */
export function runParameters(step: RunStep): readonly unknown[] {
  const { argv, env, cwd, user, network, script } = step;
  return [{ argv, env, cwd, user, network, script, mounts: step.mounts.map(({ mount }) => mount) }];
}

/**
 * Runs the process and returns the entries of its layer. Errors: `process-failed` (worded as
 * Docker's), `secret-missing`, `mount-unsupported`, and whatever the host throws.
 */
export async function runChanges(
  engine: Engine,
  step: RunStep,
  root: FileTree,
  context: {
    readonly mounts: readonly ReadyMount[];
    readonly secrets: ReadonlyMap<string, Uint8Array>;
    readonly epoch: number | undefined;
    readonly output: RunOutput;
    readonly signal: AbortSignal;
  },
): Promise<readonly Entry[]> {
  const host = engine.processHost;
  if (!host) throw new Error('a RUN was started without a process host');
  const mounts = context.mounts.flatMap((ready) => runMounts(step, ready, context.secrets));
  const { exitCode, changes } = await host.run(
    {
      root,
      argv: step.argv,
      env: [...step.env, ...step.secretEnv],
      cwd: step.cwd,
      user: step.user,
      mounts: step.script ? [...mounts, scriptMount(step.script)] : mounts,
      network: step.network,
      signal: context.signal,
    },
    context.output,
  );
  if (exitCode !== 0) {
    throw new EngineError(
      'process-failed',
      `process ${quote(step.argv.join(' '))} did not complete successfully: exit code: ${exitCode}`,
    );
  }
  const { epoch } = context;
  const clamped =
    epoch === undefined
      ? changes
      : changes.map((entry) => ({ ...entry, mtime: Math.min(entry.mtime, epoch) }));
  return withParents(root, clamped);
}

function runMounts(
  step: RunStep,
  { planned: { mount }, tree }: ReadyMount,
  secrets: ReadonlyMap<string, Uint8Array>,
): readonly RunMount[] {
  const target = cleanGoPath(joinWorkdir(step.cwd, mount.target ?? ''));
  const source = rootedPath(mount.source ?? '');
  const owner = { uid: mount.uid ?? 0, gid: mount.gid ?? 0 };
  switch (mount.type) {
    case 'bind':
      if (!tree) throw new Error('a bind mount without files');
      return [{ kind: 'bind', target, tree, source, writable: !mount.readOnly }];
    case 'cache': {
      const seed = tree && { tree, source };
      const id = mount.id ?? cleanGoPath(mount.target ?? '');
      const sharing = mount.sharing ?? 'shared';
      const writable = !mount.readOnly;
      const mode = mount.mode ?? 0o755;
      return [
        { kind: 'cache', target, id, sharing, writable, mode, ...owner, ...(seed && { seed }) },
      ];
    }
    case 'tmpfs':
      return [{ kind: 'tmpfs', target, ...(mount.size !== undefined && { size: mount.size }) }];
    case 'secret': {
      const id = mount.id ?? mount.source ?? baseName(mount.target ?? '');
      const content = secrets.get(id);
      if (content) {
        const at = mount.target === undefined ? `/run/secrets/${baseName(id)}` : target;
        return [{ kind: 'secret', target: at, content, mode: mount.mode ?? 0o400, ...owner }];
      }
      if (!mount.required) return [];
      throw new EngineError('secret-missing', `secret ${id}: not found`, {
        hint: `Give it with --secret id=${id},src=FILE or --secret id=${id},env=NAME.`,
      });
    }
    case 'ssh':
      if (!mount.required) return [];
      throw new EngineError(
        'mount-unsupported',
        'RUN --mount=type=ssh: there is no SSH agent here',
      );
  }
}

function scriptMount({
  path,
  content,
}: {
  readonly path: string;
  readonly content: string;
}): RunMount {
  const bytes = utf8(content);
  const name = baseName(path);
  const common = { mode: 0o755, uid: 0, gid: 0, mtime: 0 };
  const tree = emptyTree.apply([
    { type: 'file', path: name, ...common, size: bytes.length, content: contentOf(bytes) },
  ]);
  const target = path.slice(0, path.length - name.length - 1);
  return { kind: 'bind', target, tree, source: '', writable: false };
}
