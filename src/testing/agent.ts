import { connectAgent } from '../machine/channel/agent.ts';
import type { Frame } from '../machine/channel/protocol.ts';
import { encodeFrame, frameDecoder } from '../machine/channel/protocol.ts';
import type { BytePort } from '../machine/emulator/port.ts';

/** A port whose other end is the test's. What either side sends arrives at once, in pieces by `cut`. */
export function fakePort(cut: (bytes: Uint8Array) => readonly Uint8Array[] = (bytes) => [bytes]) {
  let toHost: ((bytes: Uint8Array) => void) | undefined;
  let toGuest: ((bytes: Uint8Array) => void) | undefined;
  const port: BytePort = {
    pending: 0,
    send(bytes) {
      for (const piece of cut(bytes)) toGuest?.(piece);
    },
    onData(listener) {
      toHost = listener;
    },
  };
  return {
    port,
    /** What the guest writes. */
    write: (bytes: Uint8Array): void => {
      for (const piece of cut(bytes)) toHost?.(piece.slice());
    },
    /** What the guest reads. */
    read: (listener: (bytes: Uint8Array) => void): void => {
      toGuest = listener;
    },
  };
}

/** A connected agent whose guest is the test: it sees every frame and says what it likes. */
export function fakeAgent(cut?: (bytes: Uint8Array) => readonly Uint8Array[]) {
  const { port, write, read } = fakePort(cut);
  const frames: Frame[] = [];
  let onFrame: ((frame: Frame) => void) | undefined;
  read(
    frameDecoder((frame) => {
      frames.push(frame);
      onFrame?.(frame);
    }),
  );
  const agent = connectAgent(port);
  return {
    agent,
    frames,
    /** Frames of this type, in order. */
    sent: (type: number): readonly Frame[] => frames.filter((frame) => frame.type === type),
    say: (type: number, id: number, ...parts: readonly Uint8Array[]): void => {
      write(encodeFrame(type, id, ...parts));
    },
    onFrame: (listener: (frame: Frame) => void): void => {
      onFrame = listener;
    },
  };
}
