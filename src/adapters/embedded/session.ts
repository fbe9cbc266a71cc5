import { listContainers } from '../../engine/containers/registry.ts';
import { removeContainer } from '../../engine/containers/remove.ts';
import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/errors.ts';
import { listImages } from '../../engine/images/catalog.ts';
import { collectGarbage } from '../../engine/images/garbage.ts';
import { removeImage } from '../../engine/images/remove.ts';

/** On every container and image that is made for checks: the session it is made in. */
export const LABEL = 'semdistro.verify';

/** Names of images that were only given one so that they can be run. */
const REPOSITORY = 'semdistro.invalid/verify';

/** One user of an engine for checks, and what it has to take away with it. */
export interface Session {
  readonly labels: Readonly<Record<string, string>>;
  /** A canonical name for an image that the catalog has not. */
  name(): string;
  /** Removes everything of this session; again, nothing happens. */
  end(): Promise<void>;
}

/** Also removes what sessions have left whose process was killed. */
export async function beginSession(engine: Engine): Promise<Session> {
  const id = engine.platform.randomHex(16);
  const held = await engine.store.holds.take(holdOf(id));
  if (!held) throw new Error('somebody else has the random ID of this session');
  await sweep(engine, async (session) => !(await engine.store.holds.isTaken(holdOf(session))));
  let names = 0;
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await sweep(engine, async (session) => session === id);
    await held.release();
  };
  return {
    labels: { [LABEL]: id },
    name: () => `${REPOSITORY}:${id}-${names++}`,
    end: () => (ending ??= end()),
  };
}

const holdOf = (session: string): string => `verify-${session}`;

async function sweep(engine: Engine, isOver: (session: string) => Promise<boolean>): Promise<void> {
  let found = false;
  for (const record of await listContainers(engine)) {
    const session = record.config.Labels?.[LABEL];
    if (session === undefined || !(await isOver(session))) continue;
    found = true;
    await ifThere(removeContainer(engine, record, { force: true, volumes: true }));
  }
  for (const { id, labels, names } of await listImages(engine)) {
    const session = labels[LABEL];
    if (session !== undefined && (await isOver(session))) {
      found = true;
      await ifThere(removeImage(engine, id, { force: true }));
    }
    for (const name of names.filter((one) => one.startsWith(`${REPOSITORY}:`))) {
      const [of = ''] = name.slice(REPOSITORY.length + 1).split('-');
      if (!(await isOver(of))) continue;
      found = true;
      await ifThere(removeImage(engine, name, { force: true }));
    }
  }
  if (found) await collectGarbage(engine);
}

/** Somebody else may have removed it just now. */
async function ifThere(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    const gone = ['container-unknown', 'image-unknown', 'container-elsewhere'];
    if (error instanceof EngineError && gone.includes(error.code)) return;
    throw error;
  }
}
