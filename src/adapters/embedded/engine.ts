import { createContainer } from '../../engine/containers/create.ts';
import { removeContainer } from '../../engine/containers/remove.ts';
import { startContainer } from '../../engine/containers/start.ts';
import { VERSION } from '../../engine/docker/about.ts';
import type { Engine as OwnEngine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/errors.ts';
import { platformName } from '../../engine/oci/platform.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Container, Engine, RunRequest, StartFailure } from '../../verify/engine.ts';
import { buildImage, closed } from './build.ts';
import { portContainer, type Streams } from './container.ts';
import { asker } from './http.ts';
import { imagesOf, type Images } from './image.ts';
import { embeddedLive } from './live.ts';
import { output } from './output.ts';
import { containerRequest } from './request.ts';
import { beginSession, type Session } from './session.ts';
import { troubleOf, untroubled } from './trouble.ts';

export interface EmbeddedOptions {
  /** With a `processHost` where processes are to run. Its cache of builds is used and filled. */
  readonly engine: OwnEngine;
  /** What `engine.processHost` belongs to; without it no container can be asked over HTTP. */
  readonly machine?: Pick<Machine, 'shell'>;
}

/**
 * This project's own engine as the port that checks are written against. What killed processes left
 * in its store is removed first. The machine is the caller's to close.
 */
export async function embeddedEngine({ engine, machine }: EmbeddedOptions): Promise<Engine> {
  const session = await untroubled(() => beginSession(engine));
  const images = imagesOf(engine, session);
  const closing = new AbortController();
  const { signal } = closing;
  const doing = new Set<Promise<unknown>>();
  const during = <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) return Promise.reject(closed());
    const done = work();
    doing.add(done);
    const over = (): void => void doing.delete(done);
    done.then(over, over);
    return done;
  };
  return {
    kind: 'embedded',
    version: VERSION,
    platform: platformName(engine.defaultPlatform),
    build: (request) => during(() => buildImage(engine, { session, images, signal }, request)),
    image: (reference) => during(() => untroubled(() => images.find(reference))),
    run: (request) => during(() => run({ engine, machine }, { session, images }, request)),
    live: () => embeddedLive({ engine, machine }),
    async close() {
      closing.abort();
      await Promise.allSettled([...doing]);
      await untroubled(() => session.end());
    },
  };
}

async function run(
  { engine, machine }: { engine: OwnEngine; machine: EmbeddedOptions['machine'] },
  { session, images }: { session: Session; images: Images },
  request: RunRequest,
): Promise<Container | StartFailure> {
  await untroubled(() => images.register(request.image));
  const streams: Streams = { stdout: output(), stderr: output() };
  try {
    const record = await createContainer(engine, containerRequest(request, session));
    try {
      const live = await startContainer(engine, record, {
        attach: ({ output: all }) => {
          all.listen({
            stdout: (bytes) => {
              streams.stdout.add(bytes);
            },
            stderr: (bytes) => {
              streams.stderr.add(bytes);
            },
          });
        },
      });
      const ask = machine && asker(machine, () => (isUp(live) ? (live.process?.pid ?? 0) : 0));
      return portContainer(engine, live, { streams, ask });
    } catch (error) {
      await removeContainer(engine, record, { force: true, volumes: true });
      throw error;
    }
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble) throw trouble;
    if (!(error instanceof EngineError)) throw error;
    return { started: false, message: error.message };
  }
}

const isUp = ({ state }: { readonly state: { readonly status: string } }): boolean =>
  state.status === 'running';
