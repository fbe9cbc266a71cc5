import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Container as Handle } from 'dockerode';
import { z } from 'zod';
import type { Container, ContainerState } from '../../verify/engine.ts';
import type { LiveChange } from '../../verify/live.ts';
import type { Connection } from './connect.ts';
import { executeIn } from './exec.ts';
import { fileIn } from './file-in.ts';
import { probeHealth } from './probe-health.ts';
import { publishedRequest } from './request.ts';
import { type Printed, readStreams, type StreamReader } from './streams.ts';
import { apiError, troubleFrom } from './trouble.ts';

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
const LAST_WORDS = 2000;
const MOST_LOGGED = 1024 * 1024;

/** A container that was started, with what it prints being read. */
export function openContainer(
  connection: Connection,
  handle: Handle,
  output: StreamReader,
): Container {
  const inspect = async (): Promise<z.infer<typeof stateSchema>> =>
    stateSchema.parse(await handle.inspect().catch(rethrow));

  async function state(): Promise<ContainerState> {
    const { Running, ExitCode, Health } = await (async () => {
      const found = (await inspect()).State;
      if (found.Health?.Status !== 'starting' || !found.Running) return found;
      return (await probeHealth(connection, handle)) ? (await inspect()).State : found;
    })();
    const status = STATUSES.find((known) => known === Health?.Status);
    return {
      running: Running,
      exitCode: ExitCode,
      ...(status && {
        health: { status, output: Health?.Log?.at(-1)?.Output.slice(0, 4096) ?? '' },
      }),
    };
  }

  let logged: Printed | undefined;

  async function lastWords(): Promise<void> {
    const enough = new AbortController();
    const patience = setTimeout(LAST_WORDS, undefined, { signal: enough.signal });
    await Promise.race([output.ended, patience]).finally(() => {
      enough.abort();
    });
    await patience.catch(() => undefined);
    // Engines under load have answered that they are attached before they were: a program that ends at
    // once has then printed to its log alone.
    const { stdout, stderr } = output.printed();
    if (stdout === '' && stderr === '') logged ??= await printedInLog(handle);
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
      return logged ?? output.printed();
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
    changes: () => changesOf(handle),
    file: (path) => fileIn(connection, handle, path),
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

/** Paths that differ from the image. Errors: EngineTrouble. */
export async function changesOf(handle: Handle): Promise<readonly LiveChange[]> {
  const told: unknown = await handle.changes().catch(rethrow);
  // Nothing changed is `null`, which dockerode takes for no JSON and hands on as bytes.
  const found = changesSchema.parse(told instanceof Uint8Array ? null : told) ?? [];
  return found.flatMap(({ Path, Kind }) => {
    const kind = KINDS[Kind];
    return kind ? [{ path: Path, kind }] : [];
  });
}

/**
 * All that a container printed so far, when it is not more than the log keeps. What went to a terminal
 * has no frames that part two streams.
 */
export async function printedInLog(
  handle: Handle,
  { terminal = false }: { readonly terminal?: boolean } = {},
): Promise<Printed> {
  const frames = await handle.logs({ stdout: true, stderr: true, follow: false }).catch(rethrow);
  if (terminal) return { stdout: frames.toString().slice(0, MOST_LOGGED), stderr: '' };
  const reader = readStreams(Readable.from([frames]));
  await reader.ended;
  return reader.printed();
}

/** Also one that runs, with its volumes; that it is gone already is no error. */
export async function removeContainer(handle: Handle): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await handle.remove({ force: true, v: true });
      return;
    } catch (error) {
      const { status, message } = apiError(error);
      // 409: somebody else is removing it.
      if (status === 404 || status === 409) return;
      // Podman's word for one that is just about to end.
      if (!message.includes('state improper') || tries === 20) throw troubleFrom(error);
      await setTimeout(100);
    }
  }
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
