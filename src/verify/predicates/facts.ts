import type { Image } from '../engine.ts';

/** What an image says a container should be, with nothing left out or null. */
export interface Facts {
  /** As written; '' for root by default. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** `/` when the image says nothing. */
  readonly workingDir: string;
  /** `['CMD', …]`, `['CMD-SHELL', '…']`; undefined without one and for `NONE`. */
  readonly healthcheck: readonly string[] | undefined;
  /** As written, `SIGINT` or `2`; '' when the image says nothing. */
  readonly stopSignal: string;
  /** `5000/tcp`. */
  readonly ports: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The image's config, normalised: engines leave out or null different fields. */
export function factsOf(image: Image): Facts {
  const { config } = image.config;
  const test = config.Healthcheck?.Test ?? [];
  return {
    user: config.User ?? '',
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    env: new Map((config.Env ?? []).map(nameAndValue)),
    workingDir:
      config.WorkingDir === undefined || config.WorkingDir === '' ? '/' : config.WorkingDir,
    healthcheck: test.length === 0 || test[0] === 'NONE' ? undefined : test,
    stopSignal: config.StopSignal ?? '',
    ports: Object.keys(config.ExposedPorts ?? {}),
    labels: config.Labels ?? {},
  };
}

function nameAndValue(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
