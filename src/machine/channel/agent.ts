import { EngineError } from '../../engine/errors.ts';
import { utf8 } from '../../engine/bytes.ts';
import type { BytePort } from '../emulator/port.ts';
import { guestCommand } from './command.ts';
import type { Agent, GuestCommand } from './port.ts';
import type { Endpoint, SendFrame } from './process.ts';
import { encodeSpawn, guestProcess } from './process.ts';
import type { Frame } from './protocol.ts';
import {
  COMMAND_BIT,
  encodeFrame,
  frameDecoder,
  frameType,
  PROTOCOL_VERSION,
  u32,
  u64,
  u8,
} from './protocol.ts';

/** The agent and the end of it. */
export interface ConnectedAgent extends Agent {
  /** The agent says so when a machine booted, and never after a restore, where it is waiting already. */
  readonly ready: Promise<void>;
  /** The machine stopped: all that waits, and whatever is asked from now on, rejects with `machine-stopped`. */
  closed(reason: string): void;
}

/** Speaks with the agent in the guest over the port that it has opened. The port is its own from now on. */
export function connectAgent(port: BytePort): ConnectedAgent {
  const endpoints = new Map<number, Endpoint>();
  const ready = Promise.withResolvers<undefined>();
  ready.promise.catch(() => undefined);
  let stopped: EngineError | undefined;
  let lastId = 0;
  let onCommand: ((command: GuestCommand) => Promise<number>) | undefined;
  let onLookup: ((name: string) => void) | undefined;

  const send: SendFrame = (type, id, ...parts) => {
    if (!stopped) port.send(encodeFrame(type, id, ...parts));
  };
  const newId = (): number => {
    do lastId = (lastId + 1) % COMMAND_BIT;
    while (lastId === 0 || endpoints.has(lastId));
    return lastId;
  };
  const refuse = (): void => {
    if (stopped) throw stopped;
  };
  const request = async (type: number, ...parts: readonly Uint8Array[]): Promise<void> => {
    refuse();
    const id = newId();
    const answer = Promise.withResolvers<string>();
    endpoints.set(id, {
      frame({ body }) {
        endpoints.delete(id);
        answer.resolve(new TextDecoder().decode(body));
      },
      stopped: answer.reject,
    });
    send(type, id, ...parts);
    const trouble = await answer.promise;
    if (trouble !== '') throw new Error(trouble);
  };
  const startCommand = (frame: Frame): void => {
    const handler = onCommand ?? noEngine;
    const { id } = frame;
    const finished = (): void => {
      endpoints.delete(id);
    };
    endpoints.set(id, guestCommand(frame, handler, send, finished));
  };
  const take = (frame: Frame): void => {
    const { type, id, body } = frame;
    if (type === frameType.command) startCommand(frame);
    else if (type === frameType.lookup) onLookup?.(new TextDecoder().decode(body));
    else if (type === frameType.ready) becomeReady(body);
    // Frames that crossed with the end of what they are for have no receiver.
    else endpoints.get(id)?.frame(frame);
  };
  const becomeReady = (body: Uint8Array): void => {
    const [version] = body;
    if (version === PROTOCOL_VERSION) ready.resolve(undefined);
    else ready.reject(new Error(`the agent speaks version ${version ?? 0} of the protocol`));
  };
  port.onData(frameDecoder(take));

  return {
    ready: ready.promise,
    setUp: ({ now, workspace = false }) =>
      request(frameType.setUp, u64(now), u8(workspace ? 1 : 0)),
    async spawn(spec, io) {
      refuse();
      const body = encodeSpawn(spec, io.stdin !== undefined);
      const id = newId();
      const { endpoint, started } = guestProcess(id, io, send, () => endpoints.delete(id));
      endpoints.set(id, endpoint);
      send(frameType.spawn, id, ...body);
      return await started;
    },
    sync: () => request(frameType.sync),
    kill: (pid, signal) => request(frameType.kill, u32(pid >>> 0), u8(signal)),
    onCommand(handler) {
      onCommand = handler;
    },
    onLookup(listener) {
      onLookup = listener;
    },
    closed(reason) {
      if (stopped) return;
      stopped = new EngineError('machine-stopped', `the machine stopped: ${reason}`);
      const left = [...endpoints.values()];
      endpoints.clear();
      for (const endpoint of left) endpoint.stopped(stopped);
      ready.reject(stopped);
    },
  };
}

async function noEngine(command: GuestCommand): Promise<number> {
  await command.write(2, utf8('docker: there is no engine behind this machine\n'));
  return 1;
}
