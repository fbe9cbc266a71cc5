import type {
  BuildOutcome,
  BuildRequest,
  Container,
  Engine,
  HttpAnswer,
  HttpRequest,
  Image,
  RunRequest,
  StartFailure,
} from '../verify/engine.ts';
import type { LiveEngine } from '../verify/live.ts';
import { verbatim } from '../verify/words.ts';
import { EngineTrouble } from '../verify/engine.ts';

/** What an engine of a test does, and what it was asked. */
export interface ScriptedEngine extends Engine {
  readonly builds: readonly BuildRequest[];
  readonly runs: readonly RunRequest[];
  /** How many containers are there still. */
  readonly left: () => number;
}

export interface Script {
  readonly kind?: Engine['kind'];
  readonly build?: (request: BuildRequest) => Image | BuildOutcome | Promise<Image | BuildOutcome>;
  readonly run?: (request: RunRequest) => ContainerScript | StartFailure;
  readonly images?: Readonly<Record<string, Image>>;
  /** What the learner has running; nothing when missing. */
  readonly live?: Partial<LiveEngine>;
}

/** What a container of a test does. It never sleeps: each wait is over at once. */
export interface ContainerScript {
  readonly stdout?: string;
  readonly stderr?: string;
  /** Ends by itself with this code, after so many waits. */
  readonly exit?: { readonly code: number; readonly after?: number };
  /** Answers to a request, after so many that nobody heard. */
  readonly answer?: (port: number, request: HttpRequest) => Partial<HttpAnswer> | undefined;
  readonly deaf?: number;
  readonly stopped?: { readonly seconds: number; readonly exitCode: number };
}

/** An engine that does what the test says; what it does not say is trouble. */
export function scriptedEngine(script: Script = {}): ScriptedEngine {
  const builds: BuildRequest[] = [];
  const runs: RunRequest[] = [];
  let left = 0;
  return {
    ...{ kind: script.kind ?? 'docker', version: '26.1.5', platform: 'linux/amd64', builds, runs },
    left: () => left,
    async build(request) {
      builds.push(request);
      if (!script.build) throw unscripted('build');
      const built = await script.build(request);
      return 'ok' in built ? built : { ok: true, image: built };
    },
    image: async (reference) => script.images?.[reference],
    async run(request) {
      runs.push(request);
      if (!script.run) throw unscripted('run');
      const made = script.run(request);
      if ('started' in made) return made;
      left += 1;
      return scriptedContainer(made, () => {
        left -= 1;
      });
    },
    live: () => ({ ...NOTHING_LIVE, ...script.live }),
    close: () => Promise.resolve(),
  };
}

function scriptedContainer(script: ContainerScript, gone: () => void): Container {
  const { stdout = '', stderr = '', exit, answer, stopped } = script;
  let waits = 0;
  let asked = 0;
  const code = (): number | undefined =>
    exit && waits >= (exit.after ?? 0) ? exit.code : undefined;
  return {
    started: true,
    id: 'test',
    async wait() {
      waits += 1;
      return code();
    },
    logs: () => Promise.resolve({ stdout, stderr }),
    exec: () => Promise.reject(unscripted('exec')),
    async request(port, request) {
      asked += 1;
      if (asked <= (script.deaf ?? 0)) return undefined;
      const given = answer?.(port, request);
      return given && { status: 200, headers: {}, body: '', ...given };
    },
    async stop() {
      if (!stopped) throw unscripted('stop');
      return stopped;
    },
    state: async () => ({ running: code() === undefined, exitCode: code() ?? 0 }),
    changes: () => Promise.resolve([]),
    file: () => Promise.resolve(undefined),
    async remove() {
      gone();
    },
  };
}

/** Of a learner who has nothing running. */
export const NOTHING_LIVE: LiveEngine = {
  containers: () => Promise.resolve([]),
  container: () => Promise.resolve(undefined),
  networks: () => Promise.resolve([]),
  events: () => Promise.resolve([]),
  follow: () => () => undefined,
  listen: () => ({ ended: Promise.resolve(), stop: () => undefined }),
  changes: () => Promise.reject(unscripted('changes')),
  logs: () => Promise.reject(unscripted('logs')),
  exec: () => Promise.reject(unscripted('exec')),
  request: () => Promise.reject(unscripted('request')),
};

function unscripted(what: string): EngineTrouble {
  return new EngineTrouble('engine-failed', verbatim(`the test says nothing of ${what}`));
}
