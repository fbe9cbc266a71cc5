import { describe, expect, test } from 'vitest';
import { consolePort } from './console-port.ts';
import type { Bus } from './members.ts';

/** v86's console as far as it matters: a message takes one buffer, and is lost without one. */
function fakeConsole(number: number) {
  const received: number[][] = [];
  const listeners = new Map<string, (value: Uint8Array) => void>();
  const guest = { buffers: 0, configured: true };
  const bus: Bus = {
    register: (event, listener: (value: never) => void) => {
      // The port registers for bytes only.
      listeners.set(event, listener as (value: Uint8Array) => void);
    },
    send: (event, value) => {
      expect(event).toBe(`virtio-console${number}-input-bytes`);
      expect(guest.buffers).toBeGreaterThan(0);
      guest.buffers--;
      received.push([...(value as Uint8Array)]);
    },
  };
  const queue = { has_request: () => guest.buffers > 0, is_configured: () => guest.configured };
  const broken = {
    has_request: () => {
      throw new Error('another queue');
    },
    is_configured: () => true,
  };
  const receiving = number === 0 ? 0 : 2 * number + 2;
  const queues = Array.from({ length: 10 }, (_, i) => (i === receiving ? queue : broken));
  const port = consolePort(bus, queues, number);
  return {
    ...{ port, guest, received },
    write: (text: string) =>
      listeners.get(`virtio-console${number}-output-bytes`)?.(new TextEncoder().encode(text)),
  };
}

describe.each([0, 1, 2, 3])('console %d', (number) => {
  test('waits until the guest has a buffer, and fills it', () => {
    const { port, guest, received } = fakeConsole(number);
    for (let i = 0; i < 64; i++) port.send(Uint8Array.from({ length: 100 }, () => i));
    expect(port.pending).toBe(6400);
    port.pump();
    guest.buffers = 1;
    port.pump();
    guest.buffers = 5;
    port.pump();
    expect(received.map(({ length }) => length)).toEqual([4096, 2304]);
    expect(received.flat()).toEqual(Array.from({ length: 6400 }, (_, i) => Math.floor(i / 100)));
    expect(port.pending).toBe(0);
  });

  test('sends nothing to a guest that has not set it up', () => {
    const { port, guest, received } = fakeConsole(number);
    Object.assign(guest, { buffers: 3, configured: false });
    port.send(Uint8Array.of(1));
    expect(received).toEqual([]);
    guest.configured = true;
    port.pump();
    expect(received).toEqual([[1]]);
  });

  test('keeps what it was given, not what becomes of it', () => {
    const { port, guest, received } = fakeConsole(number);
    const bytes = Uint8Array.of(1, 2);
    port.send(bytes);
    bytes.fill(9);
    guest.buffers = 1;
    port.pump();
    expect(received).toEqual([[1, 2]]);
  });

  test('delivers what the guest wrote in one piece, to the listener of the moment', () => {
    const { port, write } = fakeConsole(number);
    const heard: string[] = [];
    write('nobody hears');
    port.onData((bytes) => heard.push(`a ${new TextDecoder().decode(bytes)}`));
    write('one ');
    write('two');
    port.deliver();
    port.deliver();
    port.onData((bytes) => heard.push(`b ${new TextDecoder().decode(bytes)}`));
    write('three');
    port.deliver();
    expect(heard).toEqual(['a one two', 'b three']);
  });

  test('is silent once it is closed', () => {
    const { port, guest, received } = fakeConsole(number);
    guest.buffers = 1;
    port.close();
    port.send(Uint8Array.of(1));
    port.pump();
    expect([port.pending, received]).toEqual([0, []]);
  });
});
