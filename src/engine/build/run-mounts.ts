import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { cleanGoPath } from '../dockerfile/glob.ts';
import type { Mount as DockerMount } from '../dockerfile/mounts.ts';
import { utf8 } from '../bytes.ts';
import { baseName, rootedPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import type { Entry } from '../layer/entry.ts';
import type { Mount, ProcessHost } from '../process/host.ts';
import { holdCacheMount, type HeldCacheMount } from './cache-mounts.ts';
import { joinWorkdir } from './plan-instruction.ts';
import type { PlannedMount, RunStep } from './step.ts';
import { entriesBelow } from './tree-entries.ts';

/** A mount whose files are at hand. */
export interface ReadyMount {
  readonly planned: PlannedMount;
  readonly tree: FileTree | undefined;
  /** Of the snapshot that the files are from; undefined for the context. */
  readonly key: string | undefined;
}

/** What a process is given beside its root. */
export interface RunMounts {
  /** In the order of their targets, so that what lies in another comes after it. */
  readonly mounts: readonly Mount[];
  /** `NAME=value` of secrets that are wanted as variables. */
  readonly env: readonly string[];
  /** To be called once, whatever happened: cache directories are saved. */
  release(): Promise<void>;
}

interface MountContext {
  readonly engine: Engine;
  readonly host: ProcessHost;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * Makes the mounts of a RUN ready, cache directories too, for which it may wait. Errors:
 * `secret-missing`, `mount-unsupported`.
 */
export async function runMounts(
  step: RunStep,
  ready: readonly ReadyMount[],
  context: MountContext,
): Promise<RunMounts> {
  const mounts: Mount[] = [];
  const env: string[] = [];
  for (const { planned, tree } of ready) {
    const { mount } = planned;
    const target = targetOf(step, mount);
    if (mount.type === 'bind') mounts.push(bindMount(mount, target, tree, context.host));
    if (mount.type === 'tmpfs') {
      mounts.push({ kind: 'tmpfs', target, ...(mount.size !== undefined && { size: mount.size }) });
    }
    if (mount.type === 'secret') {
      const secret = secretMount(mount, target, context.secrets);
      mounts.push(...secret.mounts);
      env.push(...secret.env);
    }
    if (mount.type === 'ssh' && mount.required) {
      throw new EngineError('mount-unsupported', 'unset ssh forward key default', {
        hint: 'RUN --mount=type=ssh: there is no SSH agent here, and nothing to reach with it.',
      });
    }
  }
  if (step.script) mounts.push(scriptMount(step.script));
  const held = await holdAll(ready, context);
  for (const { mount, tree } of held) {
    const readOnly = mount.readOnly;
    mounts.push({ kind: 'writable', target: targetOf(step, mount), tree, source: '', readOnly });
  }
  mounts.sort((a, b) => (a.target < b.target ? -1 : 1));
  return { mounts, env, release: () => releaseAll(held) };
}

function targetOf(step: RunStep, { target = '' }: DockerMount): string {
  return cleanGoPath(joinWorkdir(step.cwd, target));
}

function bindMount(
  mount: DockerMount,
  target: string,
  tree: FileTree | undefined,
  host: ProcessHost,
): Mount {
  if (!tree) throw new Error('a bind mount without files');
  const source = tree.resolve(rootedPath(mount.source ?? '')) ?? '';
  if (mount.readOnly) return { kind: 'tree', target, tree, source };
  // What is written is seen by this process, and by nobody else.
  return { kind: 'writable', target, tree: host.writable(tree), source, readOnly: false };
}

function secretMount(
  mount: DockerMount,
  target: string,
  secrets: ReadonlyMap<string, Uint8Array>,
): { readonly mounts: readonly Mount[]; readonly env: readonly string[] } {
  const id = mount.id ?? mount.source ?? baseName(mount.target ?? '');
  const content = secrets.get(id);
  if (!content) {
    if (!mount.required) return { mounts: [], env: [] };
    throw new EngineError('secret-missing', `secret ${id}: not found`, {
      hint: `Give it with --secret id=${id},src=FILE or --secret id=${id},env=NAME.`,
    });
  }
  const env = mount.env === undefined ? [] : [`${mount.env}=${new TextDecoder().decode(content)}`];
  if (mount.env !== undefined && mount.target === undefined) return { mounts: [], env };
  const at = mount.target === undefined ? `/run/secrets/${baseName(id)}` : target;
  const owner = { mode: mount.mode ?? 0o400, uid: mount.uid ?? 0, gid: mount.gid ?? 0 };
  return { mounts: [{ kind: 'file', target: at, content, ...owner, readOnly: true }], env };
}

/** The file of a heredoc that begins with `#!`. */
function scriptMount({ path, content }: NonNullable<RunStep['script']>): Mount {
  const owner = { mode: 0o755, uid: 0, gid: 0 };
  return { kind: 'file', target: path, content: utf8(content), ...owner, readOnly: true };
}

interface HeldMount extends HeldCacheMount {
  readonly mount: DockerMount;
}

async function holdAll(
  ready: readonly ReadyMount[],
  { engine, host, signal }: MountContext,
): Promise<readonly HeldMount[]> {
  const wanted = ready
    .filter(({ planned }) => planned.mount.type === 'cache')
    .map((one) => ({ ...one, id: cacheId(one) }))
    // Always in the same order: two steps that want the same ones never wait for each other.
    .sort((a, b) => (a.id.join('\n') < b.id.join('\n') ? -1 : 1));
  const held: HeldMount[] = [];
  try {
    for (const { id, planned, tree } of wanted) {
      const { mount } = planned;
      const sharing = mount.sharing ?? 'shared';
      const seed = (): readonly Entry[] => seedOf(mount, tree, engine.platform.now());
      const cache = await holdCacheMount(engine, host, { id, sharing, seed }, signal);
      held.push({ ...cache, mount });
    }
    return held;
  } catch (error) {
    await releaseAll(held);
    throw error;
  }
}

async function releaseAll(held: readonly HeldMount[]): Promise<void> {
  const released = await Promise.allSettled(held.map((one) => one.release()));
  for (const one of released) if (one.status === 'rejected') throw one.reason;
}

function cacheId({ planned: { mount }, key, tree }: ReadyMount): readonly string[] {
  const { uid, gid, mode } = mount;
  const isOwned = uid !== undefined || gid !== undefined || mode !== undefined;
  // As in BuildKit: with another owner or mode it is another directory.
  const owner = isOwned ? [`${uid ?? 0}:${gid ?? 0} ${mode ?? 0o755}`] : [];
  const id = [mount.id ?? cleanGoPath(mount.target ?? ''), ...owner];
  return tree ? [...id, key ?? 'context', rootedPath(mount.source ?? '')] : id;
}

function seedOf(mount: DockerMount, tree: FileTree | undefined, now: number): readonly Entry[] {
  const { uid = 0, gid = 0, mode = 0o755 } = mount;
  const mtime = Math.floor(now / 1000);
  const root: Entry = { type: 'dir', path: '', mode, uid, gid, size: 0, mtime };
  const source = tree?.resolve(rootedPath(mount.source ?? ''));
  if (!tree || source === undefined) return [root];
  const seed = entriesBelow(tree, source);
  return seed.some(({ path }) => path === '') ? seed : [root, ...seed];
}
