import type { BytePort } from './port.ts';
import { ByteQueue } from './byte-queue.ts';
import type { Bus, Queue, VirtioConsole } from './members.ts';

/** The guest's driver gives buffers of one page; what does not fit v86 throws away. */
const LARGEST = 4096;

export interface PumpedPort extends BytePort {
  /** Gives the guest what it can take now. */
  pump(): void;
  /** Gives the listener what the guest wrote. */
  deliver(): void;
  /** Lets go of the emulator; what is sent from here on goes nowhere. */
  close(): void;
}

/** VIRTIO_CONSOLE_CONSOLE_PORT of the virtio specification, 5.3.6.2. */
const IS_CONSOLE = 4;

/**
 * v86 tells the guest that its ports are consoles, which Linux then makes terminals of: /dev/hvcN,
 * input in bites of 16 bytes. Left untold they are devices that move whole buffers, /dev/vportMpN.
 * Only a guest that boots is told; a snapshot has what its guest was told. Measured under Node, a
 * program in the guest that answers (the third, warm, of three rounds, two busy cores):
 *
 *   |                       | 16 bytes and back | into the guest | out of it |
 *   | --------------------- | ----------------- | -------------- | --------- |
 *   | plain port            | 0.08 ms           | 161 MB/s       | 225 MB/s  |
 *   | console, /dev/hvc0    | 0.32 ms           | 2.5 MB/s       | 11 MB/s   |
 *   | UART, /dev/ttyS1      | 0.19 ms           | 0.5 MB/s       | 0.8 MB/s  |
 *   | file on 9P, no cache  | 0.20 ms           | 171 MB/s       | 135 MB/s  |
 *
 * The UART also loses input without flow control, and a read of a 9P file that waits keeps the
 * machine from being saved.
 */
export function declarePlainPorts(device: VirtioConsole): void {
  const send = device.SendEvent.bind(device);
  device.SendEvent = (port, event, value) => {
    if (event !== IS_CONSOLE) send(port, event, value);
  };
}

/**
 * Port `number` of the virtio console. v86 drops what it is sent while the guest has no free receive buffer, and gives
 * one buffer to every message: bytes are sent only into a free buffer, as many as it holds.
 */
export function consolePort(bus: Bus, queues: readonly Queue[], number: number): PumpedPort {
  const receive = queues[number === 0 ? 0 : 2 * number + 2];
  if (receive === undefined) throw new Error(`there is no console ${number}`);
  let device: { readonly bus: Bus; readonly receive: Queue } | undefined = { bus, receive };
  const waiting = new ByteQueue();
  const written = new ByteQueue();
  let listener: ((bytes: Uint8Array) => void) | undefined;

  bus.register(`virtio-console${number}-output-bytes`, (bytes: Uint8Array) => {
    if (listener !== undefined) written.push(bytes);
  });

  const pump = (): void => {
    while (waiting.size > 0 && device?.receive.is_configured() && device.receive.has_request()) {
      device.bus.send(`virtio-console${number}-input-bytes`, waiting.take(LARGEST));
    }
  };

  return {
    get pending() {
      return waiting.size;
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
      if (written.size > 0) listener?.(written.take(written.size));
    },
    close() {
      device = undefined;
    },
  };
}
