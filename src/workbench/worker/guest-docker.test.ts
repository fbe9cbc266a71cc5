import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { GuestCommand } from '../../machine/channel/port.ts';
import type { GuestSide } from '../../shell/session.ts';
import { WorkbenchFailure } from '../failure.ts';
import { answerGuest } from './guest-docker.ts';
import { later } from './later.ts';

/** `docker ARGS` typed in a guest that has nothing: what it ends with, prints, and what is heard of it. */
async function typed(...args: readonly string[]) {
  let answer: ((command: GuestCommand) => Promise<number>) | undefined;
  const machine = { onCommand: (handler: typeof answer) => void (answer = handler) };
  const printed = { 1: '', 2: '' };
  let heard = '';
  const folder = { files: () => ({}) };
  answerGuest({ engine: {}, machine, folder } as unknown as GuestSide, (said) => {
    heard += said;
  });
  const decoder = new TextDecoder();
  const code = await answer?.({
    ...{ args, cwd: '/workspace', env: {}, terminals: [false, false, false], size: undefined },
    stdin: new ReadableStream<Uint8Array>(),
    write: async (stream, bytes) => void (printed[stream] += decoder.decode(bytes)),
    setRaw: async () => undefined,
    onResize: () => undefined,
    onSignal: () => undefined,
    closed: new AbortController().signal,
  });
  return { code, stdout: printed[1], stderr: printed[2], heard };
}

// All of the engine.
beforeAll(later.docker, 120_000);

describe('docker in the guest of the page', () => {
  it('is the engine’s', async () => {
    const { code, stdout } = await typed('--version');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Docker version/);
  });

  it('is heard when it complains', async () => {
    const { code, stderr, heard } = await typed('dance');
    expect(code).toBe(1);
    expect(stderr).toContain("'dance' is not a docker command");
    expect(heard).toBe(stderr);
  });

  it('says what to do when its code does not come', async () => {
    const failure = new WorkbenchFailure('code-unreachable', 'not fetched', 'Reload the page.');
    vi.spyOn(later, 'docker').mockRejectedValueOnce(failure);
    expect(await typed('ps')).toMatchObject({
      ...{ code: 1, stdout: '', stderr: 'docker: not fetched\nReload the page.\n' },
    });
  });
});
