import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOutcome, type Engine, EngineTrouble, type Image } from '../../verify/engine.ts';
import { buildImage, interrupted } from './build.ts';
import { removeLeftovers, removeWhere } from './cleanup.ts';
import { connect, type ConnectOptions } from './connect.ts';
import { imageReader } from './images.ts';
import { FOLDER_PREFIX, IMAGE_REPOSITORY, newOwner, ownerName } from './labels.ts';
import { dockerLive } from './live.ts';
import { runContainer } from './run.ts';
import { savedLayers } from './saved-layers.ts';
import { beforeSignals } from './signals.ts';
import { troubleFrom } from './trouble.ts';
import { both } from './words.ts';

/**
 * The port over a Docker's or Podman's API. What a process left that was killed is removed first.
 * `close` it: until then Ctrl-C removes what was made here before the process ends. Errors: those of `connect`.
 */
export async function dockerEngine(options: ConnectOptions = {}): Promise<Engine> {
  const connection = await connect(options);
  const owner = await newOwner();
  const name = ownerName(owner);
  await removeLeftovers(connection, owner).catch((error: unknown) => {
    throw troubleFrom(error);
  });
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${name}-`));
  const images = imageReader(connection, savedLayers(connection, folder));
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let count = 0;
  let closed: Promise<void> | undefined;

  const isClosing = (): boolean => closing.signal.aborted;

  /** What is under way when it is closed has to be over before what it made can be found. */
  async function tracked<T>(work: () => Promise<T>): Promise<T> {
    if (isClosing()) throw interrupted();
    const promise = work();
    running.add(promise);
    try {
      return await promise;
    } catch (error) {
      throw isClosing() ? interrupted() : error;
    } finally {
      running.delete(promise);
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.allSettled(running);
    try {
      await removeWhere(
        connection,
        ({ nonce, pid, boot }) => ownerName({ nonce, pid, boot }) === name,
      );
    } catch (error) {
      throw troubleFrom(error);
    } finally {
      await rm(folder, { recursive: true, force: true });
      forget();
    }
  }

  const closeOnce = (): Promise<void> => (closed ??= close());
  const forget = beforeSignals(closeOnce);

  async function build(request: Parameters<Engine['build']>[0]): Promise<BuildOutcome> {
    const tag = `${IMAGE_REPOSITORY}:${name}-${count++}`;
    const failure = await buildImage(connection, request, { tag, closing: closing.signal });
    if (failure) return failure;
    const image = await images.find(tag);
    if (!image) throw lost();
    return { ok: true, image };
  }

  async function find(reference: string, pull: boolean): Promise<Image | undefined> {
    const found = await images.find(reference);
    if (found || !pull) return found;
    return (await images.pull(reference, closing.signal)) ? images.find(reference) : undefined;
  }

  const { kind, version, platform } = connection;
  return {
    ...{ kind, version, platform },
    build: (request) => tracked(() => build(request)),
    image: (reference, { pull = false } = {}) => tracked(() => find(reference, pull)),
    run: (request) => tracked(() => runContainer(connection, request, name)),
    live: () => dockerLive(connection),
    close: closeOnce,
  };
}

function lost(): EngineTrouble {
  return new EngineTrouble(
    'image-missing',
    both(
      'O build terminou, mas a imagem não está no Docker.',
      'The build ended, and the image is not in Docker.',
    ),
    {
      advice: both(
        'Algo apagou imagens enquanto isso, como `docker image prune`. Tente de novo.',
        'Something removed images meanwhile, such as `docker image prune`. Try again.',
      ),
    },
  );
}
