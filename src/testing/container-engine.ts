import type { Engine } from '../engine/engine.ts';
import { memoryStore } from '../engine/store/memory.ts';
import type { Held, Store } from '../engine/store/port.ts';
import { nodePlatform } from '../cli/node-platform.ts';
import { dir, file, symlink } from './entries.ts';
import { fakeMachine, type FakeMachine } from './fake-machine.ts';
import { addTestImage } from './images.ts';
import { type DockerOutput, runDocker } from './session.ts';

const NAMES = ['sh', 'true', 'false', 'echo', 'cat', 'sleep', 'env', 'pwd', 'hostname', 'resolve'];

/** Something in the pretended machine listens here already. */
export const TAKEN_PORT = 22;

/** A store in memory whose users can die without a word. */
export interface MortalStore {
  readonly store: Store;
  /** What all that hold a name held is free, as when their process was killed. */
  readonly killHolders: () => void;
}

export function mortalStore(): MortalStore {
  const store = memoryStore(nodePlatform());
  let held: Held[] = [];
  return {
    store: {
      ...store,
      holds: {
        async take(name) {
          const got = await store.holds.take(name);
          if (got) held.push(got);
          return got;
        },
        isTaken: (name) => store.holds.isTaken(name),
      },
    },
    killHolders() {
      for (const one of held) void one.release();
      held = [];
    },
  };
}

export interface ContainerEngine extends FakeMachine {
  readonly engine: Engine;
  /** `docker` with these words; quotes as in a shell. */
  readonly docker: (
    line: string,
    options?: Parameters<typeof runDocker>[2],
  ) => Promise<DockerOutput>;
}

/**
 * An engine with a pretended machine over a store, and in it the image `box`: a shell and the programs
 * of `fakeMachine`, users `app` (1000) and `root`.
 */
export async function containerEngine(
  store: Store = mortalStore().store,
): Promise<ContainerEngine> {
  const machine = fakeMachine({}, [TAKEN_PORT]);
  const engine: Engine = {
    ...{ store, sources: [], platform: nodePlatform(), processHost: machine.host },
    defaultPlatform: { os: 'linux', architecture: 'amd64' },
  };
  if ((await store.records.get('images', 'index')) === undefined) await addBox(engine);
  return {
    ...machine,
    engine,
    docker: (line, options) => runDocker(engine, words(line), options),
  };
}

async function addBox(engine: Engine): Promise<void> {
  const programs = NAMES.map((name) => file(`bin/${name}`, name, { mode: 0o755 }));
  await addTestImage(engine, 'box', {
    config: { Env: ['PATH=/bin'], Cmd: ['sh'] },
    rows: [
      {
        by: 'box',
        entries: [
          ...[dir('bin'), ...programs, dir('etc'), symlink('usr', '.')],
          file('etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n'),
          file('etc/group', 'root:x:0:\napp:x:1000:\nvideo:x:44:app\n'),
          ...[dir('data', { uid: 1000, mode: 0o700 }), file('data/seed', 'from the image\n')],
          file('script', '#!/nope\n', { mode: 0o755 }),
        ],
      },
    ],
  });
}

export function words(line: string): readonly string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/s, '$1'));
}
