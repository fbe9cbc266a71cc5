import type { Container as Handle } from 'dockerode';
import type { LiveContainer, LiveEngine, LiveEvent, LiveListening } from '../../verify/live.ts';
import type { Connection } from './connect.ts';
import { changesOf, printedInLog } from './container.ts';
import { executeIn } from './exec.ts';
import { jsonLines } from './json-lines.ts';
import { OWNER_LABEL } from './labels.ts';
import { liveContainer } from './live-container.ts';
import {
  containerSchema,
  eventSchema,
  type InspectedContainer,
  networksSchema,
} from './live-schemas.ts';
import { publishedRequest } from './request.ts';
import { forEachFrame } from './streams.ts';
import { apiError, troubleFrom } from './trouble.ts';

/** What an engine has besides what checks made. Errors: EngineTrouble. */
export function dockerLive(connection: Connection): LiveEngine {
  const { docker } = connection;

  async function containers(): Promise<readonly LiveContainer[]> {
    const listed = await docker.listContainers({ all: true }).catch(rethrow);
    const theirs = listed.filter(({ Labels }) => Labels[OWNER_LABEL] === undefined);
    const inspected = await Promise.all(theirs.map(({ Id }) => inspect(docker.getContainer(Id))));
    const found = inspected.filter((one) => one !== undefined);
    const whole = (text: string): string =>
      found.find(({ Id, Name }) => Id.startsWith(text) || Name === `/${text}`)?.Id ?? text;
    return found.map((one) => liveContainer(one, whole)).toSorted((a, b) => b.created - a.created);
  }

  async function events(since: number): Promise<readonly LiveEvent[]> {
    const seconds = (time: number): number => Math.floor(time) / 1000;
    const now = Date.now();
    // What is still to come would be waited for.
    if (since > now) return [];
    const options = { since: seconds(since), until: seconds(now) };
    const all: LiveEvent[] = [];
    try {
      for await (const line of jsonLines(await docker.getEvents(options))) {
        const event = eventOf(line);
        if (event) all.push(event);
      }
    } catch (error) {
      throw troubleFrom(error);
    }
    return all.filter(withoutOurs());
  }

  return {
    containers,
    async container(id) {
      return (await containers()).find((one) => one.id === id);
    },
    events,
    follow: (listener) => followEvents(connection, listener),
    listen: (id, listener, options) => listenTo(docker.getContainer(id), listener, options),
    async networks() {
      const found = networksSchema.parse(await docker.listNetworks().catch(rethrow));
      return found
        .map(({ Id, Name, Driver, Internal, Labels }) => ({
          ...{ id: Id, name: Name, driver: Driver, internal: Internal ?? false },
          labels: Labels ?? {},
        }))
        .toSorted((a, b) => rank(a.name) - rank(b.name));
    },
    changes: (id) => changesOf(docker.getContainer(id)),
    async logs(id) {
      const handle = docker.getContainer(id);
      const { Config } = containerSchema.parse(await handle.inspect().catch(rethrow));
      return printedInLog(handle, { terminal: Config.Tty ?? false });
    },
    exec: (id, command, options = {}) =>
      executeIn(connection, docker.getContainer(id), command, options),
    async request(id, port, request) {
      const found = await inspect(docker.getContainer(id));
      const [binding] = found?.NetworkSettings.Ports?.[`${port}/tcp`] ?? [];
      return binding && publishedRequest(connection, binding.HostPort, request);
    },
  };
}

/** Undefined when it went away meanwhile. */
async function inspect(handle: Handle): Promise<InspectedContainer | undefined> {
  try {
    return containerSchema.parse(await handle.inspect());
  } catch (error) {
    if (apiError(error).status === 404) return undefined;
    throw troubleFrom(error);
  }
}

/** Whether an event is not of what checks made; events come in their order. */
function withoutOurs(): (event: LiveEvent) => boolean {
  const ours = new Set<string>();
  return ({ id, attributes }) => {
    if (OWNER_LABEL in attributes) ours.add(id);
    return !ours.has(id) && !ours.has(attributes['container'] ?? '');
  };
}

function followEvents({ docker }: Connection, listener: (event: LiveEvent) => void): () => void {
  const isTheirs = withoutOurs();
  let stopped = false;
  let stream: Destroyable | undefined;
  const following = async (): Promise<void> => {
    stream = await docker.getEvents();
    if (stopped) {
      stream.destroy?.();
      return;
    }
    for await (const line of jsonLines(stream)) {
      const event = eventOf(line);
      if (event && isTheirs(event)) listener(event);
    }
  };
  // What breaks here breaks the next question too, which says why.
  void following().catch(() => undefined);
  return () => {
    stopped = true;
    stream?.destroy?.();
  };
}

type Destroyable = NodeJS.ReadableStream & { destroy?(): unknown };

function listenTo(
  handle: Handle,
  listener: (text: string, stream: 'stdout' | 'stderr') => void,
  { created = false }: { readonly created?: boolean } = {},
): LiveListening {
  let stopped = false;
  let stream: Destroyable | undefined;
  const listening = async (): Promise<void> => {
    const inspected = handle.inspect();
    // One that never started has no log to read from, and that would be said as if it had printed it.
    const isNew = created || containerSchema.parse(await inspected).State.Status === 'created';
    stream = await handle.attach({ stream: true, logs: !isNew, stdout: true, stderr: true });
    if (stopped) stream.destroy?.();
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const tell = (bytes: Uint8Array, name: 'stdout' | 'stderr'): void => {
      listener(decoders[name].decode(bytes, { stream: true }), name);
    };
    const { Config } = containerSchema.parse(await inspected);
    if (Config.Tty !== true) await forEachFrame(stream, tell);
    else for await (const chunk of stream) if (chunk instanceof Uint8Array) tell(chunk, 'stdout');
  };
  return {
    // One that is gone has no more to say.
    ended: listening().catch(() => undefined),
    stop() {
      stopped = true;
      stream?.destroy?.();
    },
  };
}

const TYPES = ['container', 'image', 'volume', 'network'] as const;

function eventOf(line: unknown): LiveEvent | undefined {
  const { Type, Action, Actor, time, timeNano } = eventSchema.parse(line);
  const type = TYPES.find((known) => known === Type);
  if (!type) return undefined;
  return {
    ...{ type, action: Action, id: Actor.ID, attributes: Actor.Attributes ?? {} },
    time: timeNano ? timeNano / 1e6 : (time ?? 0) * 1000,
  };
}

const FIRST = ['bridge', 'host', 'none'];

function rank(name: string): number {
  const at = FIRST.indexOf(name);
  return at < 0 ? FIRST.length : at;
}

function rethrow(error: unknown): never {
  throw troubleFrom(error);
}
