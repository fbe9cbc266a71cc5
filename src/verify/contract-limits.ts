import { describe, expect, it } from 'vitest';
import type { EngineSuite } from './contract.ts';
import type { Container } from './engine.ts';

const BUSYBOX = 'busybox:1.37';
const MIB = 1024 * 1024;

/** The part of the contract about what a learner's program may use up. */
export function describeLimits({ engine, image }: EngineSuite): void {
  async function shell(command: string): Promise<Container> {
    const outcome = await engine().run({
      image: await image({ Dockerfile: `FROM ${BUSYBOX}\nLABEL for=limits\n` }),
      command: ['sh', '-c', command],
    });
    if (!outcome.started) throw new Error(outcome.message);
    return outcome;
  }

  describe('a program without measure', () => {
    it('prints for ever: the first MiB of each stream is kept', async () => {
      const container = await shell(
        'echo first; yes "a line that is long enough" | head -c 4000000; exit 5',
      );
      expect(await container.wait(120_000)).toBe(5);
      const { stdout } = await container.logs();
      expect(stdout.startsWith('first\n')).toBe(true);
      expect(stdout.length).toBeLessThanOrEqual(MIB);
      expect(stdout.length).toBeGreaterThan(MIB / 2);
      await container.remove();
    });

    it('prints for ever to whoever executes it', async () => {
      const container = await shell('sleep 300');
      const { stdout } = await container.exec(['sh', '-c', 'yes | head -c 3000000']);
      expect(stdout.length).toBeLessThanOrEqual(MIB);
      expect(stdout.length).toBeGreaterThan(MIB / 2);
      await container.remove();
    });

    it('takes memory: it is ended', async () => {
      const container = await shell('a=aaaaaaaa; while :; do a=$a$a; done; exit 0');
      expect(await container.wait(120_000)).not.toBe(0);
      expect(await container.state()).toMatchObject({ running: false });
      await container.remove();
    });

    it('makes processes: there are no more after some hundreds', async () => {
      const container = await shell(
        'i=0; while [ $i -lt 700 ]; do sleep 300 & i=$((i+1)); done; echo made them all',
      );
      const code = await container.wait(120_000);
      expect(code).toBeDefined();
      expect(code).not.toBe(0);
      expect((await container.logs()).stdout).not.toContain('made them all');
      await container.remove();
    });
  });
}
