import type { HealthConfig } from '../oci/image.ts';

/** A Compose file, read: short and long forms are one, and everything in it is understood. */
export interface ComposeFile {
  readonly name?: string;
  /** In the file's order. */
  readonly services: ReadonlyMap<string, Service>;
  /** `default` is there when a service is in it. */
  readonly networks: ReadonlyMap<string, ComposeNetwork>;
  readonly volumes: ReadonlyMap<string, ComposeVolume>;
}

export interface Service {
  readonly name: string;
  readonly image?: string;
  readonly build?: ServiceBuild;
  /** Missing: the image's. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** `NAME=value`, or `NAME` for one that is taken from outside. */
  readonly environment: readonly string[];
  readonly envFiles: readonly string[];
  /** As after `-p`. */
  readonly ports: readonly string[];
  readonly expose: readonly string[];
  /** As after `-v`, but for the names of the file's own volumes. */
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
  readonly networks: readonly ServiceNetwork[];
  /** `host`, `none`, `service:X`, `container:X`. */
  readonly networkMode?: string;
  /** `host`, `service:X`, `container:X`. */
  readonly pidMode?: string;
  readonly dependsOn: ReadonlyMap<string, Condition>;
  readonly healthcheck?: HealthConfig;
  readonly containerName?: string;
  /** Of `docker create`, by flag: what is the same there. */
  readonly flags: readonly string[];
  readonly labels: readonly string[];
}

export interface ServiceBuild {
  readonly context: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args: readonly string[];
}

export interface ServiceNetwork {
  readonly network: string;
  readonly aliases: readonly string[];
  readonly address?: string;
}

/** What has to be true of a service before one that depends on it is started. */
export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface ComposeNetwork {
  /** Made by somebody else. */
  readonly external: boolean;
  /** Another than the project's name and the key make. */
  readonly name?: string;
  readonly internal: boolean;
  readonly subnet?: string;
  readonly gateway?: string;
  readonly labels: readonly string[];
}

export interface ComposeVolume {
  readonly external: boolean;
  readonly name?: string;
  readonly labels: readonly string[];
}
