import type { ImageConfig } from '../engine/oci/image.ts';
import type { Entry } from '../engine/layer/entry.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type { Folder } from './folder.ts';
import type { LiveEngine } from './live.ts';
import type { Words } from './words.ts';

/**
 * Port: what checks may ask of a container engine. Everything made through it is labelled, limited
 * and removed by `close`; nothing else is touched. What a learner can cause is an outcome (a build
 * that fails, a container that does not start); what they cannot is thrown as `EngineTrouble`.
 */
export interface Engine {
  readonly kind: EngineKind;
  /** As the engine tells it, `26.1.5`. */
  readonly version: string;
  /** What its images are made for, `linux/amd64`. */
  readonly platform: string;
  build(request: BuildRequest): Promise<BuildOutcome>;
  /**
   * An image by name or ID. With `pull` it is fetched when it is not there, as a build would;
   * undefined when there is none.
   */
  image(reference: string, options?: { readonly pull?: boolean }): Promise<Image | undefined>;
  /** Creates a container and starts it, in no network but its own unless `ports` are asked for. */
  run(request: RunRequest): Promise<Container | StartFailure>;
  /** What the learner has running: never what checks made. */
  live(): LiveEngine;
  /** Removes every container and image that was made through this engine. */
  close(): Promise<void>;
}

export type EngineKind = 'embedded' | 'docker' | 'podman';

export interface BuildRequest {
  /** `.dockerignore` in it is obeyed. */
  readonly context: Folder;
  /** A path in `context`; `Dockerfile` when missing. */
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Nothing is taken from the cache. */
  readonly noCache?: boolean;
  /** Milliseconds; 10 minutes when missing. */
  readonly timeout?: number;
}

export type BuildOutcome =
  | { readonly ok: true; readonly image: Image }
  | {
      readonly ok: false;
      /** The last line: why, in the engine's words. */
      readonly message: string;
      /** The last of what the failed step printed, at most 16 KiB. */
      readonly log: string;
      /** Line of the Dockerfile, from 1, when the engine says so. */
      readonly line?: number;
    };

export interface Image {
  /** Digest of the config, `sha256:…`. */
  readonly id: string;
  readonly config: ImageConfig;
  /** Unpacked bytes of all layers; may have to look at them. */
  size(): Promise<number>;
  /** Entries of each layer, lowest first, with contents that can be read as long as the engine is open. */
  layers(): Promise<readonly ImageLayer[]>;
  /** What a container sees: the layers stacked. */
  files(): Promise<FileTree>;
}

export interface ImageLayer {
  readonly diffId: string;
  readonly entries: readonly Entry[];
}

export interface RunRequest {
  readonly image: Image;
  /** Instead of the image's. */
  readonly entrypoint?: readonly string[];
  /** Instead of the image's CMD. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly init?: boolean;
  readonly readOnly?: boolean;
  readonly dropCapabilities?: boolean;
  readonly noNewPrivileges?: boolean;
  /** Paths that get a tmpfs. */
  readonly tmpfs?: readonly string[];
  /** Named volumes, fresh and empty, removed with the container: paths. */
  readonly volumes?: readonly string[];
  /** Ports of the container that `request` can reach, from this machine alone. */
  readonly ports?: readonly number[];
  /** How often the image's health check runs, in milliseconds, instead of what the image says. */
  readonly healthInterval?: number;
}

/** No process ran: a missing program, a user that is not there, no command. */
export interface StartFailure {
  readonly started: false;
  /** In the engine's words. */
  readonly message: string;
}

export interface Container {
  readonly started: true;
  readonly id: string;
  /** Its exit code, or undefined when it still runs after `milliseconds`. */
  wait(milliseconds: number): Promise<number | undefined>;
  /** So far, each stream cut to its first MiB. */
  logs(): Promise<{ readonly stdout: string; readonly stderr: string }>;
  exec(command: readonly string[], options?: { readonly user?: string }): Promise<ExecResult>;
  /** Undefined when nobody listens (yet), for the container alone, or without an answer in time. */
  request(port: number, request: HttpRequest): Promise<HttpAnswer | undefined>;
  /** Asks it to stop and kills it after `seconds`. */
  stop(seconds: number): Promise<{ readonly seconds: number; readonly exitCode: number }>;
  state(): Promise<ContainerState>;
  /** Paths that differ from the image, with `/` in front. */
  changes(): Promise<readonly { readonly path: string; readonly kind: 'A' | 'C' | 'D' }[]>;
  /** What is at a path, also of a stopped container; undefined when there is nothing. */
  file(path: string): Promise<Entry | undefined>;
  remove(): Promise<void>;
}

export interface ExecResult {
  /** Undefined when the program could not be started at all. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds; 5 seconds when missing. */
  readonly timeout?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 1 MiB. */
  readonly body: string;
}

export interface ContainerState {
  readonly running: boolean;
  readonly exitCode: number;
  readonly health?: {
    readonly status: 'starting' | 'healthy' | 'unhealthy';
    /** Of the last probe. */
    readonly output: string;
  };
}

/** Not the learner's fault: no engine, a timeout of ours, no space, a registry that cannot be reached. */
export class EngineTrouble extends Error {
  readonly code: TroubleCode;
  /** What is wrong, for the learner. */
  readonly words: Words;
  /** What to do about it. */
  readonly advice: Words | undefined;

  constructor(
    code: TroubleCode,
    words: Words,
    options: { readonly advice?: Words; readonly cause?: unknown } = {},
  ) {
    super(words.en, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineTrouble';
    this.code = code;
    this.words = words;
    this.advice = options.advice;
  }
}

export type TroubleCode =
  | 'no-engine'
  | 'engine-too-old'
  | 'engine-failed'
  | 'timeout'
  | 'no-space'
  | 'no-network'
  | 'image-missing'
  | 'too-large'
  | 'interrupted';
