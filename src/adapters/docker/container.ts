import { Readable } from 'node:stream';
import type { Container as Handle } from 'dockerode';
import { z } from 'zod';
import { collect } from '../../engine/bytes.ts';
import { contentOf } from '../../engine/layer/content.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { entryFromTar } from '../../engine/layer/from-tar.ts';
import { cleanPath } from '../../engine/layer/path.ts';
import { readTar } from '../../engine/tar/reader.ts';
import { type Container, type ContainerState, EngineTrouble } from '../../verify/engine.ts';
import type { Connection } from './connect.ts';
import { executeIn } from './exec.ts';
import { publishedRequest } from './request.ts';
import type { StreamReader } from './streams.ts';
import { apiError, troubleFrom } from './trouble.ts';
import { both } from './words.ts';

const stateSchema = z.object({
  State: z.object({
    Running: z.boolean(),
    ExitCode: z.number(),
    Health: z
      .object({
        Status: z.string(),
        Log: z.array(z.object({ Output: z.string() })).nullish(),
      })
      .nullish(),
  }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()).nullish(),
  }),
});

const changesSchema = z.array(z.object({ Path: z.string(), Kind: z.number() })).nullish();

const KINDS = ['C', 'A', 'D'] as const;
/** Output that has been written is here soon after the end; a connection that hangs is not waited for. */
const LAST_WORDS = 5000;
const MAX_FILE = 64 * 1024 * 1024;

/** A container that was started, with what it prints being read. */
export function openContainer(
  connection: Connection,
  handle: Handle,
  output: StreamReader,
): Container {
  const inspect = async (): Promise<z.infer<typeof stateSchema>> =>
    stateSchema.parse(await handle.inspect().catch(rethrow));

  async function state(): Promise<ContainerState> {
    const { Running, ExitCode, Health } = (await inspect()).State;
    const status = STATUSES.find((known) => known === Health?.Status);
    return {
      running: Running,
      exitCode: ExitCode,
      ...(status && {
        health: { status, output: Health?.Log?.at(-1)?.Output.slice(0, 4096) ?? '' },
      }),
    };
  }

  async function lastWords(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, LAST_WORDS, undefined);
    await Promise.race([output.ended, promise]);
    clearTimeout(timer);
  }

  return {
    started: true,
    id: handle.id,
    async wait(milliseconds) {
      const ended = await waitFor(handle, milliseconds);
      if (!ended) return undefined;
      await lastWords();
      return (await inspect()).State.ExitCode;
    },
    async logs() {
      if (!(await inspect()).State.Running) await lastWords();
      return output.printed();
    },
    exec: (command, options = {}) => executeIn(connection, handle, command, options),
    async request(port, request) {
      const ports = (await inspect()).NetworkSettings.Ports ?? {};
      const published = ports[`${port}/tcp`]?.[0]?.HostPort;
      return published === undefined ? undefined : publishedRequest(connection, published, request);
    },
    async stop(seconds) {
      const began = performance.now();
      await handle.stop({ t: seconds }).catch((error: unknown) => {
        // 304: it has stopped already.
        if (apiError(error).status !== 304) throw troubleFrom(error);
      });
      const took = (performance.now() - began) / 1000;
      return { seconds: took, exitCode: (await inspect()).State.ExitCode };
    },
    state,
    async changes() {
      const found = changesSchema.parse(await handle.changes().catch(rethrow)) ?? [];
      return found.flatMap(({ Path, Kind }) => {
        const kind = KINDS[Kind];
        return kind ? [{ path: Path, kind }] : [];
      });
    },
    file: (path) => fileIn(handle, path),
    async remove() {
      output.close();
      await removeContainer(handle);
    },
  };
}

const STATUSES = ['starting', 'healthy', 'unhealthy'] as const;

function rethrow(error: unknown): never {
  throw troubleFrom(error);
}

/** Also one that runs, with its volumes; that it is gone already is no error. */
export async function removeContainer(handle: Handle): Promise<void> {
  await handle.remove({ force: true, v: true }).catch((error: unknown) => {
    const { status } = apiError(error);
    // 409: somebody else is removing it.
    if (status !== 404 && status !== 409) throw troubleFrom(error);
  });
}

/** Whether it ended within so many milliseconds. */
async function waitFor(handle: Handle, milliseconds: number): Promise<boolean> {
  const late = AbortSignal.timeout(milliseconds);
  try {
    await handle.wait({ abortSignal: late });
    return true;
  } catch (error) {
    if (!late.aborted) throw troubleFrom(error);
    return false;
  }
}

/** The first entry of the archive that the engine makes of a path: a folder's contents come behind it. */
async function fileIn(handle: Handle, path: string): Promise<Entry | undefined> {
  let archive: NodeJS.ReadableStream;
  try {
    archive = await handle.getArchive({ path });
  } catch (error) {
    if (apiError(error).status === 404) return undefined;
    throw troubleFrom(error);
  }
  for await (const { header, content } of readTar(bytesOf(Readable.from(archive)))) {
    if (header.size > MAX_FILE) throw tooLarge(path, header.size);
    const bytes = header.type === 'file' ? await collect(content(), MAX_FILE) : new Uint8Array(0);
    const name = cleanPath(path);
    return { ...entryFromTar(header, contentOf(bytes), 'keep'), path: name };
  }
  return undefined;
}

async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
}

function tooLarge(path: string, size: number): EngineTrouble {
  return new EngineTrouble(
    'too-large',
    both(
      `O arquivo \`${path}\` do contêiner tem ${size} bytes, demais para ler aqui.`,
      `File \`${path}\` of the container has ${size} bytes, too many to read here.`,
    ),
  );
}
