import type { LiveContainer } from '../verify/live.ts';

/** A container that somebody runs, of `docker run` without flags but for what the test says. */
export function liveContainer(
  given: Partial<LiveContainer> & Pick<LiveContainer, 'id' | 'name'>,
): LiveContainer {
  return {
    ...{ image: `sha256:${'1'.repeat(64)}`, imageName: 'box', created: 1000, config: {} },
    state: {
      ...{ status: 'running', running: true, exitCode: 0, restartCount: 0 },
      ...{ startedAt: 1001, finishedAt: undefined },
    },
    networks: [{ network: 'bridge', address: '172.17.0.2', aliases: [] }],
    ...{ ports: [], mounts: [], networkMode: 'bridge', pidMode: '' },
    ...{ capAdd: [], privileged: false, readOnly: false },
    ...given,
  };
}
