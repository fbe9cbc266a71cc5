import { utf8 } from '../engine/bytes.ts';
import { build } from '../engine/build/build.ts';
import type { BuildEvent } from '../engine/build/progress.ts';
import type { BuildRequest, BuildResult } from '../engine/build/request.ts';
import type { Engine } from '../engine/engine.ts';
import type { Entry } from '../engine/layer/entry.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type { ProcessHost } from '../engine/process/host.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import { portablePlatform } from '../engine/portable.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { dir, file } from './entries.ts';

/** A folder for a build: text is a file, an entry is itself. Directories are made as needed. */
export type Files = Readonly<Record<string, string | Entry>>;

/** An engine of its own, whose clock goes one second with every look at it. */
export function testEngine(processHost?: ProcessHost): Engine {
  let now = Date.UTC(2024, 0, 1);
  let random = 0;
  const platform = portablePlatform({
    now: () => (now += 1000),
    randomHex: (digits) => (++random).toString(16).padStart(digits, '0'),
  });
  return {
    store: memoryStore(platform),
    sources: [],
    platform,
    defaultPlatform: { os: 'linux', architecture: '386' },
    ...(processHost && { processHost }),
  };
}

export interface TestBuild extends BuildResult {
  readonly events: readonly BuildEvent[];
  /** Titles of the steps that came from the cache. */
  readonly cached: readonly string[];
  /** Titles of everything that ran. */
  readonly ran: readonly string[];
}

/** Builds `dockerfile` with the files as its context. `events` gets what happened, also of a build that fails. */
export async function buildFiles(
  engine: Engine,
  dockerfile: string,
  files: Files = {},
  request: Partial<BuildRequest> = {},
  events: BuildEvent[] = [],
): Promise<TestBuild> {
  const tree = treeOf(files);
  const result = await build(
    engine,
    {
      dockerfile: { name: 'Dockerfile', source: dockerfile },
      context: async () => ({ tree }),
      ...request,
    },
    (event) => events.push(event),
  );
  const titles = (cached: boolean): readonly string[] =>
    events.flatMap((event) =>
      event.type === 'finished' && event.cached === cached ? [nameOf(events, event.id)] : [],
    );
  return { ...result, events, cached: titles(true), ran: titles(false) };
}

export function treeOf(files: Files): FileTree {
  const entries = new Map<string, Entry>();
  for (const [path, what] of Object.entries(files)) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const above = parts.slice(0, depth).join('/');
      if (!entries.has(above)) entries.set(above, dir(above));
    }
    entries.set(path, typeof what === 'string' ? file(path, utf8(what)) : what);
  }
  return emptyTree.apply(entries.values());
}

function nameOf(events: readonly BuildEvent[], id: number): string {
  for (const event of events) {
    if (event.type === 'vertex' && event.vertex.id === id) return event.vertex.name;
  }
  return '';
}
