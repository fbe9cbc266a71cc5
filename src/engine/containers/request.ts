import type { EndpointRecord } from '../networks/record.ts';
import type { ContainerConfig, OciPlatform } from '../oci/image.ts';
import type { CreatedConfig, HostConfig } from './record.ts';

/** What `docker create` asks for: flags parsed, nothing taken from the image yet. */
export interface ContainerRequest {
  /** As typed; in the store, or `image-unknown`. */
  readonly image: string;
  readonly platform?: OciPlatform;
  /** A random one when missing. */
  readonly name?: string;
  readonly config: RequestedConfig;
  readonly host: HostConfig;
  /** What it asks of its networks, the first of `host.networkMode`; by that alone when missing. */
  readonly networks?: readonly EndpointRecord[];
  readonly mounts: readonly RequestedMount[];
}

/** As Docker's: what is missing or empty is the image's. An entrypoint of `['']` is none, whatever the image has. */
export interface RequestedConfig
  extends ContainerConfig, Partial<Pick<CreatedConfig, 'Hostname' | 'StopTimeout'>> {
  readonly Domainname: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
}

/** Of `-v`, `--mount` and `--tmpfs`. Targets are clean and absolute. */
export type RequestedMount =
  | {
      readonly type: 'volume';
      /** A new anonymous one when missing. */
      readonly name?: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** Not to be filled from the image. */
      readonly noCopy: boolean;
      readonly labels?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'bind';
      /** Relative to the workspace. */
      readonly source: string;
      readonly shown: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'tmpfs';
      readonly target: string;
      readonly options: readonly string[];
      readonly size?: number;
      readonly mode?: number;
    };
