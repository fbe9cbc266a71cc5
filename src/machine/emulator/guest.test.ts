import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulatorOptions, startGuest, type TestGuest } from '../../testing/guest.ts';
import { hasMachine, NO_MACHINE } from '../../testing/machine.ts';
import type { BytePort, NinepHandler } from './port.ts';
import { startEmulator } from './start.ts';

/** The emulator with the machine's own Linux in it. */

const some = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);

/** Sends pieces all at once; resolves with what came back once that is as long. */
async function echoed(port: BytePort | undefined, pieces: readonly Uint8Array[]) {
  if (!port) throw new Error('there is no such port');
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const got = new Uint8Array(length);
  let filled = 0;
  await new Promise<void>((resolve, reject) => {
    port.onData((bytes) => {
      if (filled + bytes.length > length) reject(new Error('more came back than was sent'));
      else got.set(bytes, filled);
      filled += bytes.length;
      if (filled === length) resolve();
    });
    for (const piece of pieces) port.send(piece);
  });
  expect(port.pending).toBe(0);
  return got;
}

describe('a Linux in the emulator', () => {
  let guest: TestGuest;

  beforeAll(async () => {
    if (!hasMachine) return;
    guest = await startGuest();
    for (const port of [2, 3]) {
      await guest.background(
        `port=$(echo /dev/vport*p${port}); exec 3<>"$port"; echo ready; cat <&3 >&3`,
      );
    }
    await guest.background(
      'stty raw -echo crtscts </dev/ttyS1; exec 3<>/dev/ttyS1; echo ready; cat <&3 >&3',
    );
  }, 60_000);

  afterAll(async () => {
    if (hasMachine) await guest.close();
  });

  test.for([2, 3])('loses nothing of 64 messages at once to port %d', async (number, { skip }) => {
    if (!hasMachine) return skip(NO_MACHINE);
    const messages = Array.from({ length: 64 }, (_, i) => new Uint8Array(100).fill(i));
    const got = await echoed(guest.emulator.consoles[number], messages);
    expect(got).toEqual(Uint8Array.from({ length: 6400 }, (_, i) => Math.floor(i / 100)));
  });

  test(
    'moves 200 kB to a port and back, both ports at the same time',
    { timeout: 60_000 },
    async ({ skip }) => {
      if (!hasMachine) return skip(NO_MACHINE);
      const { consoles } = guest.emulator;
      const all = await Promise.all([2, 3].map((i) => echoed(consoles[i], [some(200_000)])));
      for (const got of all) expect(Buffer.compare(got, some(200_000))).toBe(0);
    },
  );

  test(
    'loses nothing on a serial line with flow control',
    { timeout: 60_000 },
    async ({ skip }) => {
      if (!hasMachine) return skip(NO_MACHINE);
      const got = await echoed(guest.emulator.serials[1], [some(5_000), some(20_000)]);
      expect(Buffer.compare(got, Buffer.concat([some(5_000), some(20_000)]))).toBe(0);
    },
  );

  test('answers while it sleeps through its timers', async ({ skip }) => {
    if (!hasMachine) return skip(NO_MACHINE);
    // It would sleep for hours, were it not woken.
    guest.emulator.setIdleSlice(1e7);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await echoed(guest.emulator.consoles[2], [some(1)])).toEqual(some(1));
    guest.emulator.setIdleSlice(100);
  });

  test('keeps time', async ({ skip }) => {
    if (!hasMachine) return skip(NO_MACHINE);
    const seconds = async (): Promise<number> =>
      Number((await guest.sh('cut -d" " -f1 /proc/uptime')).output);
    const [guestBefore, before] = [await seconds(), performance.now()];
    const slept = await guest.sh('sleep 1; echo slept');
    const took = (performance.now() - before) / 1000;
    expect(slept).toEqual({ code: 0, output: 'slept\n' });
    expect(took).toBeGreaterThan(0.98);
    const guestTook = (await seconds()) - guestBefore;
    // The same second, whoever measures; each question takes time, and more on a busy computer.
    expect(guestTook).toBeGreaterThan(took - 0.1);
    expect(guestTook).toBeLessThan(3 * took);
  });

  test(
    'is saved only when no 9P request waits for its answer',
    { timeout: 60_000 },
    async ({ skip }) => {
      if (!hasMachine) return skip(NO_MACHINE);
      let hold = false;
      const held: (() => void)[] = [];
      const holding =
        (handler: NinepHandler): NinepHandler =>
        (request, reply) => {
          handler(request, (response) => {
            if (hold)
              held.push(() => {
                reply(response);
              });
            else reply(response);
          });
        };
      const slow = await startGuest((options) => ({ ...options, ninep: holding(options.ninep) }));
      try {
        expect((await slow.emulator.save()).length).toBeGreaterThan(1_000_000);
        hold = true;
        const listing = slow.sh('ls /usr/share');
        while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
        await expect(slow.emulator.save()).rejects.toThrow('a 9P request has no answer yet');
        hold = false;
        for (const release of held) release();
        expect((await listing).code).toBe(0);
        expect((await slow.emulator.save()).length).toBeGreaterThan(1_000_000);
      } finally {
        await slow.close();
      }
    },
  );

  test('is refused with other memory than it has', async ({ skip }) => {
    if (!hasMachine) return skip(NO_MACHINE);
    const options = await emulatorOptions();
    const memory = options.memory / 2;
    await expect(startEmulator({ ...options, memory, ninep: () => undefined })).rejects.toThrow(
      /^the snapshot is of a machine with \d+ MB of memory, not \d+ MB$/,
    );
  });
});

describe("a crash of the guest's kernel is told with its last words", () => {
  test.for([
    [
      'a panic',
      'echo c >/proc/sysrq-trigger',
      /^Kernel panic - not syncing: sysrq triggered crash$/,
    ],
    ['a restart', 'echo b >/proc/sysrq-trigger', /^the guest restarted itself$/],
  ] as const)('%s', { timeout: 60_000 }, async ([, script, reason], { skip }) => {
    if (!hasMachine) return skip(NO_MACHINE);
    const guest = await startGuest();
    const answer = guest
      .sh(`echo 1 >/proc/sys/kernel/sysrq; ${script}`)
      .catch((error: unknown) => error);
    const { reason: told, log } = await guest.emulator.crashed;
    expect(told).toMatch(reason);
    if (log.includes('panic')) expect(log).toContain('sysrq: Trigger a crash');
    expect(String(await answer)).toContain(told);
    await guest.close();
  });

  test('a 9P server that throws', { timeout: 60_000 }, async ({ skip }) => {
    if (!hasMachine) return skip(NO_MACHINE);
    let broken = false;
    const guest = await startGuest((options) => ({
      ...options,
      ninep: (request, reply) => {
        if (broken) throw new Error('no such luck');
        options.ninep(request, reply);
      },
    }));
    broken = true;
    const answer = guest.sh('ls /usr/share').catch((error: unknown) => error);
    expect((await guest.emulator.crashed).reason).toBe('the 9P server threw: no such luck');
    expect(String(await answer)).toContain('no such luck');
    await guest.close();
  });
});
