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
import { isObject, type JsonObject, parseJsonObject } from '../json.ts';
import type { OpenedImage } from '../images/open.ts';
import type { ContainerConfig, HealthConfig } from '../oci/image.ts';
import { familiarName, parseReference } from '../oci/reference.ts';

const OMIT: FieldOptions = { omitEmpty: true };

/** An image as `docker inspect` shows it: Docker's fields in Docker's order, with Go's types behind them. */
export function inspectImage({ record, config, configBytes }: OpenedImage): GoStruct {
  const raw = parseJsonObject(configBytes, { code: 'config-invalid', name: 'image config' });
  const text = (key: string): string => textOf(raw, key);
  const comment = text('comment') || (config.history.at(-1)?.comment ?? '');
  const familiar = (names: readonly string[]): GoValue =>
    goStrings(names.map((name) => familiarName(parseReference(name))));
  return goStruct('types.ImageInspect', {
    // By the name in JSON only: a template's `.Id` is found in the document, not in this.
    ID: goField(record.id, { json: 'Id' }),
    RepoTags: goField(familiar(record.names)),
    RepoDigests: goField(familiar(record.digests)),
    Parent: goField(''),
    Comment: goField(comment),
    Created: goField(trimFraction(config.created ?? ''), OMIT),
    Container: goField('', OMIT),
    ContainerConfig: goField({ kind: 'nil', type: '*container.Config' }, OMIT),
    DockerVersion: goField(text('docker_version')),
    Author: goField(config.author ?? ''),
    Config: goField(
      isObject(raw['config'])
        ? containerConfig(config.config, raw['config'])
        : { kind: 'nil', type: '*container.Config' },
    ),
    Architecture: goField(config.architecture),
    Variant: goField(config.variant ?? '', OMIT),
    Os: goField(config.os),
    OsVersion: goField(text('os.version'), OMIT),
    Size: goField(record.size),
    VirtualSize: goField(0, OMIT),
    GraphDriver: goField(
      goStruct('types.GraphDriverData', {
        Data: goField(goMap({})),
        Name: goField('semdistro'),
      }),
    ),
    RootFS: goField(
      goStruct('types.RootFS', {
        Type: goField('layers'),
        Layers: goField(
          config.rootfs.diff_ids.length === 0 ? goStrings(null) : goStrings(config.rootfs.diff_ids),
          OMIT,
        ),
      }),
    ),
    Metadata: goField(
      goStruct('image.Metadata', { LastTagTime: goField(trimFraction(record.tagged), OMIT) }),
    ),
  });
}

function containerConfig(config: ContainerConfig, raw: JsonObject): GoStruct {
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

function textOf(raw: JsonObject, key: string): string {
  const value = raw[key];
  return typeof value === 'string' ? value : '';
}

/** Go's RFC3339Nano drops zeros at the end of the fraction. */
function trimFraction(time: string): string {
  return time.replace(/(\.\d*?)0+(?=Z|[+-]\d\d:\d\d$)/, '$1').replace(/\.(?=Z|[+-])/, '');
}
