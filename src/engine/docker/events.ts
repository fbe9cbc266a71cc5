import { eventFilter } from '../containers/event-filter.ts';
import { type EngineEvent, onEvent, pastEvents } from '../containers/events.ts';
import { EngineError } from '../errors.ts';
import { templateError } from '../format/template-error.ts';
import { offset, UTC, type Zone } from '../format/time.ts';
import { goJson } from '../gotemplate/json.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { type GoStruct, goField, goMap, goStruct } from '../gotemplate/value.ts';
import { parseUntil } from '../images/filter.ts';
import type { CommandDefinition } from './command.ts';
import { filterFlag, OBJECT_FORMAT } from './common-flags.ts';
import { usageError } from './usage-error.ts';

export const eventsCommand: CommandDefinition = {
  name: 'events',
  aliases: ['system events', 'events'],
  usage: '[OPTIONS]',
  summary: 'Get real time events from the server',
  flags: [
    filterFlag('f', 'Filter output based on conditions provided'),
    {
      name: 'format',
      kind: 'string',
      value: 'string',
      help: OBJECT_FORMAT.help,
    },
    {
      name: 'since',
      kind: 'string',
      value: 'string',
      help: 'Show all events created since timestamp',
    },
    {
      name: 'until',
      kind: 'string',
      value: 'string',
      help: 'Stream events until this timestamp',
    },
  ],
  arguments: { min: 0, max: 0 },
  examples: [
    'docker events',
    'docker events --since 10m --until 0s --filter type=container',
    "docker events --format '{{.Action}} {{.Actor.Attributes.name}}'",
  ],
  async run({ engine, session, flags }) {
    const now = engine.platform.now();
    const since = timeOf(flags.string('since') ?? '', now);
    const until = timeOf(flags.string('until') ?? '', now);
    const print = printer(flags.string('format') ?? '', session.zone ?? UTC);
    const isWanted = eventFilter(flags.list('filter'));
    const queue: EngineEvent[] = [];
    let wake = (): void => undefined;
    const forget = onEvent(engine, (event) => {
      queue.push(event);
      wake();
    });
    const past = since === undefined ? [] : pastEvents(engine).filter(({ time }) => time >= since);
    const over = AbortSignal.any([
      session.signal,
      ...(until === undefined ? [] : [AbortSignal.timeout(Math.max(until - now, 0))]),
    ]);
    over.addEventListener('abort', () => {
      wake();
    });
    try {
      queue.unshift(...past);
      for (;;) {
        const event = queue.shift();
        if (event) {
          if (isWanted(event)) session.stdout.write(print(event));
          await session.stdout.drain();
        } else if (over.aborted || (until !== undefined && until <= now)) {
          session.signal.throwIfAborted();
          return 0;
        } else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      forget();
    }
  },
};

function timeOf(text: string, now: number): number | undefined {
  if (text === '') return undefined;
  try {
    return parseUntil(text, now);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw usageError(error.message, 1);
  }
}

function printer(format: string, zone: Zone): (event: EngineEvent) => string {
  if (format === 'json') return (event) => `${goJson(message(event))}\n`;
  if (format === '') return (event) => `${line(event, zone)}\n`;
  const template = templateError(() => parseTemplate(format), 64);
  return (event) => `${templateError(() => template.render(message(event)))}\n`;
}

/** `TIME container start ID (image=…, name=…)` */
function line(event: EngineEvent, zone: Zone): string {
  const { type, action, id, attributes } = event;
  const pairs = sorted(attributes).map(([name, value]) => `${name}=${value}`);
  const actor = pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
  return `${nanoLocal(event.time, zone)} ${type} ${action} ${id}${actor}`;
}

/** Docker's events.Message; the first three fields are left from its older shape, for containers and images only. */
function message({ type, action, id, attributes, time }: EngineEvent): GoStruct {
  const old = type === 'container' || type === 'image';
  const omit = { omitEmpty: true };
  return goStruct('events.Message', {
    Status: goField(old ? action : '', { json: 'status', ...omit }),
    ID: goField(old ? id : '', { json: 'id', ...omit }),
    From: goField(type === 'container' ? (attributes['image'] ?? '') : '', {
      json: 'from',
      ...omit,
    }),
    Type: goField(type),
    Action: goField(action),
    Actor: goField(
      goStruct('events.Actor', {
        ID: goField(id),
        Attributes: goField(goMap(Object.fromEntries(sorted(attributes)))),
      }),
    ),
    Scope: goField('local', { json: 'scope', ...omit }),
    Time: goField(Math.floor(time / 1000), { json: 'time', ...omit }),
    TimeNano: goField(Math.floor(time) * 1e6, { json: 'timeNano', ...omit }),
  });
}

function sorted(attributes: EngineEvent['attributes']): readonly (readonly [string, string])[] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `2026-11-21T08:04:50.123000000Z` on the reader's clock. */
function nanoLocal(milliseconds: number, zone: Zone): string {
  const { minutes } = zone(Math.floor(milliseconds / 1000));
  const shifted = new Date(Math.floor(milliseconds) + minutes * 60_000).toISOString();
  return `${shifted.slice(0, -1)}000000${minutes === 0 ? 'Z' : offset(minutes, ':')}`;
}
