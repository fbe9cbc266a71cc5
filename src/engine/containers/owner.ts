import type { Engine } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Held } from '../store/port.ts';

/*
 * Running containers belong to the engine that runs them. Its ID is in their records, and it holds
 * a name in the store while it lives, so that another process knows whether to believe a record.
 */
interface Owner {
  readonly id: string;
  held?: Promise<Held>;
}

const owners = new WeakMap<Engine, Owner>();

/** This engine among those that use the store: random, made when first asked for. */
export function engineId(engine: Engine): string {
  return ownerOf(engine).id;
}

/** To be awaited before a record names this engine as owner: others then see that it lives. */
export async function claimOwnership(engine: Engine): Promise<void> {
  const owner = ownerOf(engine);
  owner.held ??= hold(engine, owner.id);
  await owner.held;
}

/** To be called when the engine ends and nothing is its any more. */
export async function releaseOwnership(engine: Engine): Promise<void> {
  const owner = ownerOf(engine);
  const held = await owner.held;
  delete owner.held;
  await held?.release();
}

/** Whether what a record says of its owner is still so. */
export async function ownerLives(engine: Engine, owner: string): Promise<boolean> {
  return owner === engineId(engine) || engine.store.holds.isTaken(nameOf(owner));
}

/** What this engine is asked to do to a container that another one runs. */
export function elsewhereError(name: string, what: string): EngineError {
  return new EngineError(
    'container-elsewhere',
    `cannot ${what} container ${name}: another semdistro process runs it`,
    { hint: 'Do it in the shell where the container was started.' },
  );
}

function ownerOf(engine: Engine): Owner {
  let owner = owners.get(engine);
  if (!owner) {
    owner = { id: engine.platform.randomHex(32) };
    owners.set(engine, owner);
  }
  return owner;
}

async function hold(engine: Engine, id: string): Promise<Held> {
  const held = await engine.store.holds.take(nameOf(id));
  if (!held) throw new Error('somebody else has the random ID of this engine');
  return held;
}

function nameOf(id: string): string {
  return `engine-${id}`;
}
