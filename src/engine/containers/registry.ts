import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { parseContainers, toContainers } from './index-record.ts';
import { liveContainer } from './running.ts';
import { engineId, ownerLives } from './owner.ts';
import type { ContainerRecord } from './record.ts';
import { endedState, isRunning, isoNow } from './state.ts';
import { deleteVolume } from './volumes.ts';

/**
 * Every container, newest first, with its state as it is now. One whose engine is gone without
 * having said so is recorded as killed (137) first, and goes when it was run with `--rm`.
 */
export async function listContainers(engine: Engine): Promise<readonly ContainerRecord[]> {
  const stored = await readIndex(engine);
  const orphans = await orphaned(engine, stored);
  const all = orphans.size === 0 ? stored : await bury(engine, orphans);
  return all.map((record) => current(engine, record)).reverse();
}

/**
 * The container that an ID, a name (with or without its slash) or a unique prefix of an ID means.
 * Errors: `container-unknown` (`No such container: …`), `container-ambiguous`.
 */
export async function findContainer(engine: Engine, text: string): Promise<ContainerRecord> {
  return pickContainer(await listContainers(engine), text);
}

/** `findContainer` in a list already read. */
export function pickContainer(all: readonly ContainerRecord[], text: string): ContainerRecord {
  const name = text.replace(/^\//, '');
  const exact = all.find(({ id }) => id === text) ?? all.find((one) => one.name === name);
  if (exact) return exact;
  const matches = text === '' ? [] : all.filter(({ id }) => id.startsWith(text));
  const [only] = matches;
  if (only && matches.length === 1) return only;
  if (!only) throw new EngineError('container-unknown', `No such container: ${text}`);
  throw new EngineError('container-ambiguous', `Multiple IDs found with provided prefix: ${text}`);
}

/** Durable when it resolves. Errors: `container-name-taken`. */
export async function addContainer(engine: Engine, record: ContainerRecord): Promise<void> {
  await changeIndex(engine, (all) => {
    checkName(all, record);
    return [...all, record];
  });
}

/**
 * Changes a record, durably and atomically, and returns the new one; `change` gets it as stored and may be
 * called more than once. Errors: `container-unknown`, `container-name-taken`.
 */
export async function updateContainer(
  engine: Engine,
  id: string,
  change: (old: ContainerRecord) => ContainerRecord,
): Promise<ContainerRecord> {
  let changed: ContainerRecord | undefined;
  await changeIndex(engine, (all) =>
    all.map((record) => {
      if (record.id !== id) return record;
      changed = change(record);
      if (changed.name !== record.name) checkName(all, changed);
      return changed;
    }),
  );
  if (!changed) throw new EngineError('container-unknown', `No such container: ${id}`);
  return current(engine, changed);
}

/** The record only: what the container stored becomes garbage. Removing what is not there is no error. */
export async function removeContainerRecord(engine: Engine, id: string): Promise<void> {
  await changeIndex(engine, (all) => all.filter((record) => record.id !== id));
}

function checkName(all: readonly ContainerRecord[], { id, name }: ContainerRecord): void {
  const other = all.find((record) => record.name === name && record.id !== id);
  if (!other) return;
  throw new EngineError(
    'container-name-taken',
    `Conflict. The container name "/${name}" is already in use by container "${other.id}". ` +
      'You have to remove (or rename) that container to be able to reuse that name.',
  );
}

async function readIndex(engine: Engine): Promise<readonly ContainerRecord[]> {
  return parseContainers(await engine.store.records.get('containers', 'index'));
}

async function changeIndex(
  engine: Engine,
  change: (all: readonly ContainerRecord[]) => readonly ContainerRecord[],
): Promise<void> {
  await engine.store.records.update('containers', 'index', (old) => {
    const next = change(parseContainers(old));
    return next.length === 0 ? undefined : toContainers(next);
  });
}

/** What runs here knows its own state; the stored one may be seconds old. */
function current(engine: Engine, record: ContainerRecord): ContainerRecord {
  const live = liveContainer(engine, record.id);
  if (!live) return record;
  const { state, network } = live;
  return { ...record, state, ...(network && { joined: network }) };
}

/** Owners in the records that are not there any more. */
async function orphaned(
  engine: Engine,
  all: readonly ContainerRecord[],
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  const seen = new Set([engineId(engine)]);
  for (const { state } of all) {
    if (state.owner === undefined || seen.has(state.owner)) continue;
    seen.add(state.owner);
    if (!(await ownerLives(engine, state.owner))) gone.add(state.owner);
  }
  return gone;
}

async function bury(
  engine: Engine,
  gone: ReadonlySet<string>,
): Promise<readonly ContainerRecord[]> {
  const finishedAt = isoNow(engine);
  let kept: readonly ContainerRecord[] = [];
  let anonymous: readonly string[] = [];
  await changeIndex(engine, (all) => {
    const isDead = ({ state }: ContainerRecord): boolean => gone.has(state.owner ?? '');
    anonymous = all.filter((one) => isDead(one) && one.host.autoRemove).flatMap(anonymousVolumes);
    kept = all
      .filter((record) => !(isDead(record) && record.host.autoRemove))
      .map((record) => (isDead(record) ? killed(record, finishedAt) : record));
    return kept;
  });
  for (const name of anonymous) await deleteVolume(engine, name);
  return kept;
}

/** One that was only about to be started is as it was. */
function killed(record: ContainerRecord, finishedAt: string): ContainerRecord {
  const { state } = record;
  return {
    ...record,
    state: isRunning(record)
      ? endedState(state, { exitCode: 137, finishedAt })
      : { ...endedState(state, state), status: state.status },
  };
}

/** The names of the volumes that go with a container. */
export function anonymousVolumes({ mounts }: ContainerRecord): readonly string[] {
  return mounts.flatMap((mount) =>
    mount.type === 'volume' && mount.anonymous ? [mount.name] : [],
  );
}
