import type { Engine } from '../engine.ts';

/** What happened, as `docker events` shows it. */
export interface EngineEvent {
  readonly type: 'container' | 'image' | 'volume' | 'network';
  /** `create`, `start`, `die`, `exec_create: sh -c true` … */
  readonly action: string;
  /** A container's ID, a volume's name. */
  readonly id: string;
  /** `image`, `name`, `exitCode` and a container's labels. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, with a fraction. */
  readonly time: number;
}

/** As many of the past as Docker's daemon remembers. */
const REMEMBERED = 256;

interface Bus {
  readonly past: EngineEvent[];
  readonly listeners: Set<(event: EngineEvent) => void>;
}

const buses = new WeakMap<Engine, Bus>();

/** Tells everybody who listens in this engine; events are not stored. */
export function emitEvent(engine: Engine, event: Omit<EngineEvent, 'time'>): void {
  const { past, listeners } = busOf(engine);
  const timed = { ...event, time: engine.platform.now() };
  past.push(timed);
  if (past.length > REMEMBERED) past.shift();
  for (const listener of [...listeners]) listener(timed);
}

/** The last events of this engine, oldest first. */
export function pastEvents(engine: Engine): readonly EngineEvent[] {
  return [...busOf(engine).past];
}

/** Calls `listener` with every event from now on, until what it returns is called. */
export function onEvent(engine: Engine, listener: (event: EngineEvent) => void): () => void {
  const { listeners } = busOf(engine);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function busOf(engine: Engine): Bus {
  let bus = buses.get(engine);
  if (!bus) {
    bus = { past: [], listeners: new Set() };
    buses.set(engine, bus);
  }
  return bus;
}
