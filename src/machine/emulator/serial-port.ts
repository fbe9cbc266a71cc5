import { ByteQueue } from './byte-queue.ts';
import type { PumpedPort } from './console-port.ts';
import type { Bus, Uart } from './members.ts';

/** Bytes that wait in the UART at most: its queue is an array whose first element is removed. */
const FIFO = 256;
const REQUEST_TO_SEND = 2;

/**
 * /dev/ttyS`number`. v86's UART takes any number of bytes, but the guest's terminal driver drops
 * what its reader does not fetch in time unless the line has flow control (`stty crtscts`); then
 * the guest says when it can take more.
 */
export function serialPort(bus: Bus, uart: Uart, number: number): PumpedPort {
  let device: { readonly bus: Bus; readonly uart: Uart } | undefined = { bus, uart };
  const waiting = new ByteQueue();
  let written: number[] = [];
  let listener: ((bytes: Uint8Array) => void) | undefined;

  bus.register(`serial${number}-output-byte`, (byte: number) => {
    if (listener !== undefined) written.push(byte);
  });
  // So that a guest with flow control sends at all: this side can always take more.
  bus.send(`serial${number}-clear-to-send-input`, true);

  const pump = (): void => {
    if (waiting.size === 0 || device === undefined) return;
    if ((device.uart.modem_control & REQUEST_TO_SEND) === 0) return;
    const room = FIFO - device.uart.input.length;
    if (room <= 0) return;
    for (const byte of waiting.take(room)) device.bus.send(`serial${number}-input`, byte);
  };

  return {
    get pending() {
      return waiting.size + (device?.uart.input.length ?? 0);
    },
    send(bytes) {
      if (device === undefined) return;
      waiting.push(bytes.slice());
      pump();
    },
    onData(next) {
      listener = next;
    },
    pump,
    deliver() {
      if (written.length === 0) return;
      const bytes = Uint8Array.from(written);
      written = [];
      listener?.(bytes);
    },
    close() {
      device = undefined;
    },
  };
}
