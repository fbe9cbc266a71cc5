import type { Engine } from './engine.ts';
import type { LiveContainer, LiveEngine, LiveEvent, LiveListening } from './live.ts';

/** An engine with a memory of what a learner had running. */
export interface RememberingEngine extends Engine {
  /** Calls back whenever something happened that checks may see, until what it returns is called. */
  onHappened(listener: () => void): () => void;
  /** Resolves when all that has happened was looked at, and what has ended has said all it had to say. */
  settled(): Promise<void>;
  /** Ends the memory; the engine stays open. */
  forget(): void;
}

/** More than a learner makes in an evening: what was made first is forgotten first. */
const MOST_CONTAINERS = 200;
const MOST_EVENTS = 5000;

/**
 * The same engine, whose `live` also has what is gone by now: a container of `docker run --rm` is over
 * before anybody asks for it. Each is looked at when it is made and whenever something happens to it,
 * and what it prints is kept, until `forget` or `close`, which closes the engine too.
 */
export async function remembering(engine: Engine): Promise<RememberingEngine> {
  const live = engine.live();
  const known = new Map<string, LiveContainer>();
  /** Of those that are gone nobody else says how they ended. */
  const exits = new Map<string, number>();
  const events: LiveEvent[] = [];
  const listeners = new Set<() => void>();
  const looks = new Set<Promise<void>>();
  const happened = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const ears = hearing(live, happened);
  const waiting = new Set<() => void>();
  const arrived = (): void => {
    for (const wake of waiting) wake();
  };

  /** What the engine has told of by now has arrived here too. */
  async function upToDate(): Promise<void> {
    const last = (await live.events(0)).at(-1);
    const isThere = (): boolean =>
      last === undefined || events.some(({ time }) => time >= last.time);
    if (isThere()) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        if (!isThere()) return;
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
  }

  /** Looks at a container once more. What cannot be looked at any more stays as it was seen last. */
  async function look(id: string): Promise<void> {
    const container = await live.container(id).catch(() => undefined);
    if (container) remember(container);
    // One that never began never ends.
    else if (!exits.has(id)) ears.stop(id);
  }

  function remember(container: LiveContainer): void {
    known.set(container.id, container);
    for (const id of known.keys()) {
      if (known.size <= MOST_CONTAINERS) return;
      known.delete(id);
      ears.forget(id);
    }
  }

  function take(event: LiveEvent): void {
    events.push(event);
    arrived();
    if (events.length > MOST_EVENTS) events.shift();
    const { type, action, id, attributes } = event;
    if (type !== 'container') {
      happened();
      return;
    }
    // At once, since some are over before they could be looked at; and again when it starts, with what was
    // printed until then: an engine that is busy starting it attaches nobody.
    if (action === 'create') ears.listen(id, { created: true });
    if (action === 'start') ears.listen(id, { again: exits.delete(id) });
    if (action === 'die') {
      exits.set(id, Number(attributes['exitCode'] ?? 0));
      ears.over(id);
    }
    const looking = look(id).then(happened, happened);
    looks.add(looking);
    void looking.then(() => looks.delete(looking));
  }

  const stop = live.follow(take);
  events.unshift(
    ...(await live.events(0)).filter(({ time }) => time < (events[0]?.time ?? Infinity)),
  );
  for (const container of (await live.containers()).toReversed()) {
    if (!known.has(container.id)) remember(container);
    if (container.state.running) ears.listen(container.id, {});
  }

  const asGone = (container: LiveContainer): LiveContainer => {
    const { id, state } = container;
    const exitCode = exits.get(id) ?? state.exitCode;
    const status = exits.has(id) || state.running ? 'exited' : state.status;
    return { ...container, state: { ...state, running: false, status, exitCode } };
  };
  const memory: LiveEngine = {
    ...live,
    async containers() {
      const now = await live.containers();
      const there = new Set(now.map(({ id }) => id));
      const gone = [...known.values()].filter(({ id }) => !there.has(id)).map(asGone);
      return [...now, ...gone].toSorted((a, b) => b.created - a.created);
    },
    async container(id) {
      const one = known.get(id);
      return (await live.container(id)) ?? (one && asGone(one));
    },
    events: (since) => Promise.resolve(events.filter(({ time }) => time >= since)),
    async logs(id) {
      const heard = ears.heard(id);
      if (heard) return heard;
      return live.logs(id).catch((error: unknown) => {
        if (!known.has(id)) throw error;
        return { stdout: '', stderr: '' };
      });
    },
  };

  const forget = (): void => {
    stop();
    listeners.clear();
    ears.stopAll();
  };
  return {
    ...engine,
    live: () => memory,
    onHappened(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async settled() {
      await upToDate();
      while (looks.size > 0) await Promise.all(looks);
      await Promise.all([...exits.keys()].map((id) => ears.ended(id)));
    },
    forget,
    async close() {
      forget();
      await engine.close();
    },
  };
}

type Printed = Awaited<ReturnType<LiveEngine['logs']>>;

/** One try to hear a container; there may be several, and the one that heard most is right. */
interface Ear {
  readonly printed: { stdout: string; stderr: string };
  readonly listening: LiveListening;
}

/** Of what a container prints; what is looked for comes early. */
const MOST_PRINTED = 256 * 1024;
/** Milliseconds in which what was printed last arrives, where an engine never says that it was all. */
const LAST_WORDS = 3000;

/** What containers print, kept by their IDs. */
function hearing(live: LiveEngine, happened: () => void) {
  const all = new Map<string, readonly Ear[]>();
  const earsOf = (id: string): readonly Ear[] => all.get(id) ?? [];
  const stop = (id: string): void => {
    for (const { listening } of earsOf(id)) listening.stop();
  };

  /** `again`: it was started anew, and what it printed before is nobody's business. */
  function listen(id: string, { created = false, again = false }): void {
    if (again) {
      stop(id);
      all.delete(id);
    }
    const printed = { stdout: '', stderr: '' };
    const listening = live.listen(
      id,
      (text, stream) => {
        printed[stream] = (printed[stream] + text).slice(0, MOST_PRINTED);
        happened();
      },
      { created },
    );
    all.set(id, [...earsOf(id), { printed, listening }]);
  }

  return {
    listen,
    /** Undefined when nothing was heard of it. */
    heard(id: string): Printed | undefined {
      const size = ({ printed }: Ear): number => printed.stdout.length + printed.stderr.length;
      const [best] = earsOf(id).toSorted((a, b) => size(b) - size(a));
      return best && size(best) > 0 ? { ...best.printed } : undefined;
    },
    over(id: string): void {
      const ears = earsOf(id);
      const timer = setTimeout(() => {
        for (const { listening } of ears) listening.stop();
      }, LAST_WORDS);
      void Promise.all(ears.map(({ listening }) => listening.ended)).then(() => {
        clearTimeout(timer);
      });
    },
    async ended(id: string): Promise<void> {
      await Promise.all(earsOf(id).map(({ listening }) => listening.ended));
    },
    stop,
    stopAll(): void {
      for (const id of all.keys()) stop(id);
    },
    forget(id: string): void {
      stop(id);
      all.delete(id);
    },
  };
}
