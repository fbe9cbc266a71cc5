import type { ContainerConfig, HealthConfig } from '../oci/image.ts';
import type { RequestedConfig } from './request.ts';

/** The request with what it leaves open taken from the image, by Docker's rules. */
export function mergeConfig(
  asked: RequestedConfig,
  image: ContainerConfig,
): Omit<RequestedConfig, 'OnBuild'> {
  const { Entrypoint, Cmd } = mergeCommand(asked, image);
  const health = mergeHealth(asked.Healthcheck, image.Healthcheck);
  const volumes = { ...image.Volumes, ...asked.Volumes };
  const ports = { ...image.ExposedPorts, ...asked.ExposedPorts };
  const { User = '', WorkingDir = '', StopSignal = '' } = asked;
  return {
    ...withoutMerged(asked),
    User: User === '' ? (image.User ?? '') : User,
    ...(Object.keys(ports).length > 0 && { ExposedPorts: ports }),
    Env: mergeEnv(asked.Env ?? [], image.Env ?? []),
    Entrypoint,
    Cmd,
    Volumes: Object.keys(volumes).length > 0 ? volumes : null,
    WorkingDir: WorkingDir === '' ? (image.WorkingDir ?? '') : WorkingDir,
    Labels: { ...image.Labels, ...asked.Labels },
    ...either('StopSignal', StopSignal === '' ? image.StopSignal : StopSignal),
    ...(health && { Healthcheck: health }),
    ...(image.Shell && { Shell: image.Shell }),
  };
}

/** The command line of the container's first process; empty when there is none. */
export function commandOf({
  Entrypoint,
  Cmd,
}: Pick<ContainerConfig, 'Entrypoint' | 'Cmd'>): readonly string[] {
  return [...(Entrypoint ?? []), ...(Cmd ?? [])];
}

/** Another entrypoint takes the image's command with it. */
function mergeCommand(
  asked: RequestedConfig,
  image: ContainerConfig,
): { readonly Entrypoint: readonly string[] | null; readonly Cmd: readonly string[] | null } {
  const { Entrypoint: entry, Cmd: cmd } = asked;
  const some = (list: readonly string[] | null | undefined): readonly string[] | null =>
    list && list.length > 0 ? list : null;
  if (!some(entry)) {
    return { Entrypoint: some(image.Entrypoint), Cmd: some(cmd) ?? some(image.Cmd) };
  }
  const isReset = entry?.length === 1 && entry[0] === '';
  return { Entrypoint: isReset ? null : some(entry), Cmd: some(cmd) };
}

function mergeEnv(asked: readonly string[], image: readonly string[]): readonly string[] {
  const names = new Set(asked.map(nameOf));
  return [...asked, ...image.filter((pair) => !names.has(nameOf(pair)))];
}

function mergeHealth(
  asked: HealthConfig | undefined,
  image: HealthConfig | undefined,
): HealthConfig | undefined {
  if (!asked || !image) return asked ?? image;
  const set = Object.entries(asked).filter(([, value]: [string, unknown]) =>
    Array.isArray(value) ? value.length > 0 : value !== 0,
  );
  return { ...image, ...Object.fromEntries(set) };
}

function withoutMerged(asked: RequestedConfig): Omit<RequestedConfig, 'ExposedPorts' | 'OnBuild'> {
  const { Domainname, AttachStdin, AttachStdout, AttachStderr, Tty, OpenStdin, StdinOnce } = asked;
  return {
    ...{ Domainname, AttachStdin, AttachStdout, AttachStderr, Tty, OpenStdin, StdinOnce },
    ...either('Hostname', asked.Hostname),
    ...either('StopTimeout', asked.StopTimeout),
  };
}

function either<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const found: { [P in K]?: T } = {};
  if (value !== undefined) found[key] = value;
  return found;
}

/** Of `NAME=value`, and of a `NAME` alone, which unsets it. */
export function nameOf(pair: string): string {
  const at = pair.indexOf('=');
  return at < 0 ? pair : pair.slice(0, at);
}
