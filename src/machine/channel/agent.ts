import { EngineError } from '../../engine/errors.ts';
import { utf8 } from '../../engine/bytes.ts';
import type { BytePort } from '../emulator/port.ts';
import { guestCommand } from './command.ts';
import { guestConnection } from './connection.ts';
import { encodeInterface, encodeLeave, encodePlace } from './network-frames.ts';
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

/** What the agent puts before a query, and needs back with the answer: who asked. */
const ASKER = 6;

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
  let onQuery: Parameters<Agent['onQuery']>[0] | undefined;

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
  /** Its id, once it was done. */
  const ask = async (type: number, ...parts: readonly Uint8Array[]): Promise<number> => {
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
    return id;
  };
  const request = async (type: number, ...parts: readonly Uint8Array[]): Promise<void> => {
    await ask(type, ...parts);
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
    else if (type === frameType.query) takeQuery(id, body);
    else if (type === frameType.ready) becomeReady(body);
    // Frames that crossed with the end of what they are for have no receiver.
    else endpoints.get(id)?.frame(frame);
  };
  const takeQuery = (namespace: number, body: Uint8Array): void => {
    const answer = onQuery?.(namespace, body.subarray(ASKER));
    if (answer) send(frameType.answer, namespace, body.subarray(0, ASKER), answer);
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
    onQuery(handler) {
      onQuery = handler;
    },
    join: async (namespace, interfaces) =>
      request(frameType.join, u32(namespace), ...interfaces.map(encodeInterface)),
    leave: async (namespace, what) => request(frameType.leave, encodeLeave(namespace, what)),
    async listen(at, to) {
      const id = await ask(frameType.listen, encodePlace(at), encodePlace(to));
      return { release: () => request(frameType.release, u32(id)) };
    },
    async connect(to) {
      refuse();
      const id = newId();
      const { endpoint, connected } = guestConnection(id, send, () => endpoints.delete(id));
      endpoints.set(id, endpoint);
      send(frameType.connect, id, encodePlace(to));
      return await connected;
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
