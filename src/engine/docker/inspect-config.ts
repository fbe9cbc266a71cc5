import { durationText } from '../build/go-print.ts';
import {
  type FieldOptions,
  type GoField,
  type GoStruct,
  type GoValue,
  fromJson,
  goField,
  goMap,
  goStrings,
  goStruct,
} from '../gotemplate/value.ts';
import type { JsonObject } from '../json.ts';
import type { ContainerConfig, HealthConfig } from '../oci/image.ts';

const OMIT: FieldOptions = { omitEmpty: true };

/** Docker's container.Config of an image or a container; `raw` has the fields that images do not keep. */
export function containerConfig(config: ContainerConfig, raw: JsonObject): GoStruct {
  const flag = (key: string, options?: FieldOptions): GoField =>
    goField(raw[key] === true, options);
  const set = (
    value: Readonly<Record<string, unknown>> | null | undefined,
    type: string,
  ): GoValue =>
    goMap(value && Object.fromEntries(Object.keys(value).map((key) => [key, EMPTY])), type);
  const { Healthcheck } = config;
  return goStruct('*container.Config', {
    Hostname: goField(textOf(raw, 'Hostname')),
    Domainname: goField(textOf(raw, 'Domainname')),
    User: goField(config.User ?? ''),
    AttachStdin: flag('AttachStdin'),
    AttachStdout: flag('AttachStdout'),
    AttachStderr: flag('AttachStderr'),
    ExposedPorts: goField(set(config.ExposedPorts, 'nat.PortSet'), OMIT),
    Tty: flag('Tty'),
    OpenStdin: flag('OpenStdin'),
    StdinOnce: flag('StdinOnce'),
    Env: goField(goStrings(config.Env)),
    Cmd: goField(goStrings(config.Cmd, 'strslice.StrSlice')),
    Healthcheck: goField(
      Healthcheck ? healthConfig(Healthcheck) : { kind: 'nil', type: '*container.HealthConfig' },
      OMIT,
    ),
    ArgsEscaped: goField(config.ArgsEscaped === true, OMIT),
    Image: goField(textOf(raw, 'Image')),
    Volumes: goField(set(config.Volumes, 'map[string]struct {}')),
    WorkingDir: goField(config.WorkingDir ?? ''),
    Entrypoint: goField(goStrings(config.Entrypoint, 'strslice.StrSlice')),
    NetworkDisabled: flag('NetworkDisabled', OMIT),
    MacAddress: goField(textOf(raw, 'MacAddress'), OMIT),
    OnBuild: goField(goStrings(config.OnBuild)),
    Labels: goField(goMap(config.Labels)),
    StopSignal: goField(config.StopSignal ?? '', OMIT),
    StopTimeout: goField(
      typeof raw['StopTimeout'] === 'number'
        ? fromJson(raw['StopTimeout'])
        : { kind: 'nil', type: '*int' },
      OMIT,
    ),
    Shell: goField(goStrings(config.Shell, 'strslice.StrSlice'), OMIT),
  });
}

function healthConfig(health: HealthConfig): GoStruct {
  return goStruct('*container.HealthConfig', {
    Test: goField(goStrings(health.Test), OMIT),
    Interval: duration(health.Interval),
    Timeout: duration(health.Timeout),
    StartPeriod: duration(health.StartPeriod),
    StartInterval: duration(health.StartInterval),
    Retries: goField(health.Retries ?? 0, OMIT),
  });
}

/** Nanoseconds: a number in JSON, printed as `1m30s`. */
function duration(nanoseconds = 0): GoField {
  const text = durationText(nanoseconds);
  return goField(
    { kind: 'struct', type: 'time.Duration', fields: new Map(), text, number: nanoseconds },
    OMIT,
  );
}

const EMPTY = goStruct('struct {}', {});

/** A string in a document, '' when it is none. */
export function textOf(raw: JsonObject, key: string): string {
  const value = raw[key];
  return typeof value === 'string' ? value : '';
}
