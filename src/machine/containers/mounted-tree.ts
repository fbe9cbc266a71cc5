import { once, utf8 } from '../../engine/bytes.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Entry } from '../../engine/layer/entry.ts';
import { writeTar } from '../../engine/tar/writer.ts';
import type { CowTree, MountedTree } from '../files/cow-tree.ts';
import type { Time } from '../files/node.ts';
import type { Guest } from './guest.ts';
import { KEEPER } from './guest-paths.ts';
import { run, runWell } from './run.ts';

/** How the guest that has a tree at `path` is asked for what it knows better than we. */
export function mountedTree(guest: Guest, tree: CowTree, path: string): MountedTree {
  return {
    async flush() {
      await guest.guard(guest.agent.sync());
      const unsettled = tree.unsettled();
      if (unsettled.length > 0) tree.settle(await timesOf(guest, path, unsettled));
    },
    async apply(entries) {
      const removed = entries.filter(({ type }) => type === 'whiteout' || type === 'opaque');
      if (removed.length > 0) await remove(guest, path, removed);
      const put = entries.filter(({ type }) => type !== 'whiteout' && type !== 'opaque');
      if (put.length > 0) await unpack(guest, path, put);
      await guest.guard(guest.agent.sync());
    },
  };
}

/** A line of `keeper times` per path: seconds and nanoseconds, or `-` when it is gone. */
async function timesOf(
  guest: Guest,
  path: string,
  paths: readonly string[],
): Promise<readonly (readonly [string, Time])[]> {
  const names = once(utf8(paths.map((name) => `${name}\0`).join('')));
  const lines = (await runWell(guest, [KEEPER, 'times', path], names)).split('\n');
  return paths.flatMap((name, index) => {
    const [seconds = '-', nanoseconds] = (lines[index] ?? '-').split(' ');
    if (seconds === '-') return [];
    return [[name, { seconds: Number(seconds), nanoseconds: Number(nanoseconds) }] as const];
  });
}

async function remove(guest: Guest, path: string, entries: readonly Entry[]): Promise<void> {
  const whiteouts = entries.filter(({ type }) => type === 'whiteout');
  const paths = whiteouts.map((entry) => `${path}/${entry.path}`);
  if (paths.length > 0) await must(guest, ['/usr/bin/rm', '-rf', '--', ...paths]);
  const opaque = entries.filter(({ type }) => type === 'opaque');
  for (const entry of opaque) {
    const inside = [`${path}/${entry.path}`, '-mindepth', '1', '-delete'];
    await must(guest, ['/usr/bin/find', ...inside]);
  }
}

/** tar, because it puts owners, times and attributes of exactly these entries and of nothing else. */
async function unpack(guest: Guest, path: string, entries: readonly Entry[]): Promise<void> {
  const options = ['--numeric-owner', '--preserve-permissions', '--xattrs', '--xattrs-include=*'];
  await must(guest, ['/usr/bin/tar', '-x', ...options, '-C', path, '-f', '-'], writeTar(entries));
}

async function must(
  guest: Guest,
  argv: readonly string[],
  stdin?: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { code, stderr } = await run(guest, argv, stdin);
  if (code === 0) return;
  throw new EngineError('copy-failed', `the running container refused the files: ${stderr.trim()}`);
}
