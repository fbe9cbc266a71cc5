import { expect, it } from 'vitest';
import { liveContainer } from '../../testing/live.ts';
import { NOTHING_LIVE } from '../../testing/verify-engine.ts';
import type { LiveEngine } from '../live.ts';
import { asks } from './answers.ts';
import { askable } from './askable.ts';

const RUNNING = liveContainer({ id: 'a', name: 'web' });
const ENDED = liveContainer({
  ...{ id: 'a', name: 'web' },
  state: { ...RUNNING.state, status: 'exited', running: false, exitCode: 3 },
});

const live = (more: Partial<LiveEngine>): LiveEngine => ({
  ...NOTHING_LIVE,
  logs: () => Promise.resolve({ stdout: '', stderr: 'no such file\n' }),
  ...more,
});

it('a container of the learner is asked until it answers', async () => {
  let asked = 0;
  const shy = live({
    container: async () => RUNNING,
    request: async () => (++asked < 3 ? undefined : { status: 200, headers: {}, body: 'caju' }),
  });
  const verdict = await asks(askable(shy, 'a'), { port: 80, path: '/' }, { body: 'caju' });
  expect(verdict.status).toBe('pass');
  expect(asked).toBe(3);
});

it('and no longer when it has ended, or is gone', async () => {
  const silent = { request: () => Promise.resolve(undefined) };
  const ended = live({ ...silent, container: async () => ENDED });
  const verdict = await asks(askable(ended, 'a'), { port: 80, path: '/' });
  expect(verdict).toMatchObject({ status: 'fail' });
  expect(verdict.status === 'fail' && verdict.found.en).toContain('ended with code 3');
  expect(verdict.status === 'fail' && verdict.found.en).toContain('no such file');
  const gone = live({ ...silent, container: async () => undefined });
  expect(await asks(askable(gone, 'a'), { port: 80, path: '/' })).toMatchObject({ status: 'fail' });
});
