import { onEvent, pastEvents } from '../../engine/containers/events.ts';
import { readLogs } from '../../engine/containers/logs.ts';
import { publishedPorts } from '../../engine/containers/ports.ts';
import type { ContainerRecord } from '../../engine/containers/record.ts';
import { findContainer, listContainers } from '../../engine/containers/registry.ts';
import { liveContainer as runningHere } from '../../engine/containers/running.ts';
import { isRunning } from '../../engine/containers/state.ts';
import type { Engine } from '../../engine/engine.ts';
import { isPredefined, listNetworks } from '../../engine/networks/registry.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import type { LiveEngine, LiveEvent } from '../../verify/live.ts';
import { words } from '../../verify/words.ts';
import { changesOf, execute, noMachine } from './container.ts';
import type { EmbeddedOptions } from './engine.ts';
import { askMachine } from './http.ts';
import { liveContainer } from './live-container.ts';
import { LABEL } from './session.ts';
import { untroubled } from './trouble.ts';

const MOST_LOGGED = 1024 * 1024;

/** Whether an event is not of what checks made; events come in their order. */
function withoutOurs(): (event: LiveEvent) => boolean {
  const ours = new Set<string>();
  return ({ id, attributes }) => {
    if (LABEL in attributes) ours.add(id);
    return !ours.has(id) && !ours.has(attributes['container'] ?? '');
  };
}

/** What this engine has besides what checks made. */
export function embeddedLive({
  engine,
  machine,
}: {
  readonly engine: Engine;
  readonly machine: EmbeddedOptions['machine'] | undefined;
}): LiveEngine {
  const theirs = async (): Promise<readonly ContainerRecord[]> =>
    (await listContainers(engine)).filter(({ config }) => config.Labels?.[LABEL] === undefined);

  return {
    containers: () =>
      untroubled(async () => {
        const records = await theirs();
        return records.map((record) => liveContainer(record, wholeIn(records)));
      }),
    container: (id) =>
      untroubled(async () => {
        const records = await theirs();
        const found = records.find((record) => record.id === id);
        return found && liveContainer(found, wholeIn(records));
      }),
    networks: () =>
      untroubled(async () => {
        const all = await listNetworks(engine);
        const first = all.filter(({ name }) => isPredefined(name));
        return [...first, ...all.filter(({ name }) => !isPredefined(name))].map(
          ({ id, name, driver, internal, labels }) => ({ id, name, driver, internal, labels }),
        );
      }),
    async events(since) {
      const all = pastEvents(engine).filter(({ time }) => time >= since);
      const isTheirs = withoutOurs();
      return all.filter(isTheirs);
    },
    follow(listener) {
      const isTheirs = withoutOurs();
      return onEvent(engine, (event) => {
        if (isTheirs(event)) listener(event);
      });
    },
    listen(id, listener) {
      const over = new AbortController();
      const { signal } = over;
      const listening = async (): Promise<void> => {
        const record = await findContainer(engine, id);
        for await (const { log, stream } of readLogs(engine, record, { follow: true, signal })) {
          listener(log, stream);
        }
      };
      const stop = (): void => {
        over.abort();
      };
      // One that is gone has no more to say.
      return { ended: listening().catch(() => undefined), stop };
    },
    changes: (id) => untroubled(async () => changesOf(engine, await ofThisProcess(engine, id))),
    logs: (id) =>
      untroubled(async () => {
        const text = { stdout: '', stderr: '' };
        for await (const { stream, log } of readLogs(engine, await findContainer(engine, id))) {
          if (text[stream].length < MOST_LOGGED) text[stream] += log;
        }
        return text;
      }),
    exec: (id, command, options) =>
      untroubled(async () =>
        execute(engine, await ofThisProcess(engine, id), command, options?.user),
      ),
    request: (id, port, request) =>
      untroubled(async () => {
        if (!machine) throw noMachine();
        const record = await ofThisProcess(engine, id);
        const binding = publishedPorts(record).find((one) => one.port === `${port}/tcp`);
        return binding && askMachine(machine)(Number(binding.hostPort), request);
      }),
  };
}

/** The ID of a name, or of an ID's beginning. */
function wholeIn(records: readonly ContainerRecord[]): (text: string) => string {
  return (text) =>
    records.find(({ id, name }) => id === text || name === text)?.id ??
    records.find(({ id }) => id.startsWith(text))?.id ??
    text;
}

/** A container that this process runs, or nobody. */
async function ofThisProcess(engine: Engine, id: string): Promise<ContainerRecord> {
  const record = await findContainer(engine, id);
  if (isRunning(record) && !runningHere(engine, id)) throw elsewhere(record.name);
  return record;
}

function elsewhere(name: string): EngineTrouble {
  return new EngineTrouble(
    'no-engine',
    words(
      `o container \`${name}\` roda em outro processo do Sem Distro, e daqui não se pode olhar dentro dele`,
      `container \`${name}\` runs in another process of Sem Distro, and nobody can look into it from here`,
    ),
    {
      advice: words(
        'Faça este exercício na página, ou com um Docker seu: `--engine docker`.',
        'Do this lab in the page, or with a Docker of your own: `--engine docker`.',
      ),
    },
  );
}
