import { composeInvalid } from './error.ts';
import { nanoseconds, readHealth } from './health.ts';
import type { Condition, Service, ServiceBuild, ServiceNetwork } from './model.ts';
import { readMounts } from './mounts.ts';
import { readPorts } from './ports.ts';
import {
  type Place,
  below,
  mapping,
  object,
  oneOrMore,
  pairs,
  scalar,
  scalars,
  truth,
  wrongValue,
} from './values.ts';
import { splitWords } from './words.ts';

type Reader = (value: unknown, place: Place) => void;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

const CONDITIONS: readonly Condition[] = [
  'service_started',
  'service_healthy',
  'service_completed_successfully',
];

/** Of `docker create`: flags with one value, with several, and switches, by Compose's name. */
const VALUES: Readonly<Record<string, string>> = {
  hostname: 'hostname',
  mac_address: 'mac-address',
  mem_limit: 'memory',
  pids_limit: 'pids-limit',
  platform: 'platform',
  restart: 'restart',
  shm_size: 'shm-size',
  stop_signal: 'stop-signal',
  user: 'user',
  working_dir: 'workdir',
};
const LISTS: Readonly<Record<string, string>> = {
  cap_add: 'cap-add',
  cap_drop: 'cap-drop',
  dns: 'dns',
  group_add: 'group-add',
  security_opt: 'security-opt',
};
const PAIRS: Readonly<Record<string, string>> = { sysctls: 'sysctl' };
const SWITCHES: Readonly<Record<string, string>> = {
  init: 'init',
  privileged: 'privileged',
  read_only: 'read-only',
  stdin_open: 'interactive',
  tty: 'tty',
};

/** One service. What Compose has and this engine does not is put into `place.refused`. */
export function readService(name: string, value: unknown, place: Place): Service {
  const service: Writable<Service> = {
    ...{ name, environment: [], envFiles: [], ports: [], expose: [], volumes: [], tmpfs: [] },
    ...{ networks: [], dependsOn: new Map(), flags: [], labels: [] },
  };
  const flag = (...words: readonly string[]): void => {
    service.flags = [...service.flags, ...words];
  };
  const readers: Record<string, Reader> = {
    image: (item, at) => {
      service.image = scalar(item, at);
    },
    build: (item, at) => {
      service.build = readBuild(item, at);
    },
    command: (item, at) => {
      if (item !== null) service.command = commandLine(item, at);
    },
    entrypoint: (item, at) => {
      if (item !== null) service.entrypoint = commandLine(item, at);
    },
    environment: (item, at) => {
      service.environment = pairs(item, at);
    },
    env_file: (item, at) => {
      service.envFiles = oneOrMore(item, at);
    },
    ports: (item, at) => {
      service.ports = readPorts(item, at);
    },
    expose: (item, at) => {
      service.expose = scalars(item, at);
    },
    volumes: (item, at) => {
      const { volumes, tmpfs } = readMounts(item, at);
      service.volumes = volumes;
      service.tmpfs = [...service.tmpfs, ...tmpfs];
    },
    tmpfs: (item, at) => {
      service.tmpfs = [...service.tmpfs, ...oneOrMore(item, at)];
    },
    networks: (item, at) => {
      service.networks = readNetworks(item, at);
    },
    network_mode: (item, at) => {
      service.networkMode = scalar(item, at);
    },
    pid: (item, at) => {
      service.pidMode = scalar(item, at);
    },
    depends_on: (item, at) => {
      service.dependsOn = readDependencies(item, at);
    },
    healthcheck: (item, at) => {
      service.healthcheck = readHealth(item, at);
    },
    container_name: (item, at) => {
      service.containerName = scalar(item, at);
    },
    labels: (item, at) => {
      service.labels = pairs(item, at);
    },
    extra_hosts: (item, at) => {
      for (const host of pairs(item, at)) flag('--add-host', host);
    },
    stop_grace_period: (item, at) => {
      flag('--stop-timeout', String(Math.ceil(nanoseconds(item, at) / 1e9)));
    },
  };
  for (const [key, word] of Object.entries(VALUES)) {
    readers[key] = (item, at) => {
      flag(`--${word}`, scalar(item, at));
    };
  }
  for (const [key, word] of Object.entries({ ...LISTS, ...PAIRS })) {
    readers[key] = (item, at) => {
      const values = key in PAIRS ? pairs(item, at) : oneOrMore(item, at);
      for (const one of values) flag(`--${word}`, one);
    };
  }
  for (const [key, word] of Object.entries(SWITCHES)) {
    readers[key] = (item, at) => {
      flag(`--${word}=${truth(item, at)}`);
    };
  }
  mapping(value, place, readers);
  return service;
}

function readBuild(value: unknown, place: Place): ServiceBuild {
  if (typeof value === 'string') return { context: value, args: [] };
  const build: Writable<ServiceBuild> = { context: '.', args: [] };
  mapping(value, place, {
    context: (item, at) => {
      build.context = scalar(item, at);
    },
    dockerfile: (item, at) => {
      build.dockerfile = scalar(item, at);
    },
    target: (item, at) => {
      build.target = scalar(item, at);
    },
    args: (item, at) => {
      build.args = pairs(item, at);
    },
  });
  return build;
}

function commandLine(value: unknown, place: Place): readonly string[] {
  return Array.isArray(value)
    ? scalars(value, place)
    : splitWords(scalar(value, place), place.path);
}

function readNetworks(value: unknown, place: Place): readonly ServiceNetwork[] {
  if (Array.isArray(value)) {
    return scalars(value, place).map((network) => ({ network, aliases: [] }));
  }
  return Object.entries(object(value, place)).map(([network, settings]) => {
    const found: Writable<ServiceNetwork> = { network, aliases: [] };
    if (settings === null) return found;
    mapping(settings, below(place, network), {
      aliases: (item, at) => {
        found.aliases = scalars(item, at);
      },
      ipv4_address: (item, at) => {
        found.address = scalar(item, at);
      },
    });
    return found;
  });
}

function readDependencies(value: unknown, place: Place): ReadonlyMap<string, Condition> {
  if (Array.isArray(value)) {
    return new Map(scalars(value, place).map((name) => [name, 'service_started']));
  }
  return new Map(
    Object.entries(object(value, place)).map(([name, settings]) => {
      let condition: Condition = 'service_started';
      mapping(settings, below(place, name), {
        condition: (item, at) => {
          const found = CONDITIONS.find((one) => one === item);
          if (!found) throw wrongValue(at, `one of ${CONDITIONS.join(', ')}`);
          condition = found;
        },
      });
      return [name, condition];
    }),
  );
}

/** What no service can do without. Errors: `compose-invalid`. */
export function checkService({ name, image, build, networkMode, networks }: Service): void {
  if (image === undefined && build === undefined) {
    throw composeInvalid(
      `service ${JSON.stringify(name)} has neither an image nor a build context specified: invalid compose project`,
    );
  }
  if (networkMode !== undefined && networks.length > 0) {
    throw composeInvalid(
      `service ${name} declares mutually exclusive \`network_mode\` and \`networks\`: invalid compose project`,
    );
  }
}
