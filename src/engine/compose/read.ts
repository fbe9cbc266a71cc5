import { composeInvalid } from './error.ts';
import type { ComposeFile, ComposeNetwork, ComposeVolume, Service } from './model.ts';
import { needsOf } from './order.ts';
import { checkService, readService } from './service.ts';
import { type Place, below, list, mapping, object, pairs, scalar, truth } from './values.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A Compose file out of its YAML, variables replaced. Whatever is in it and not available here is
 * named in one error. Errors: `compose-invalid`, in Compose's words where it has them.
 */
export function readCompose(value: unknown): ComposeFile {
  const refused: string[] = [];
  const place: Place = { path: '', refused };
  const file: Writable<ComposeFile> = {
    services: new Map(),
    networks: new Map(),
    volumes: new Map(),
  };
  if (value === null || value === undefined) throw composeInvalid('empty compose file');
  mapping(
    value,
    { ...place, path: '' },
    {
      // Obsolete, says Compose itself.
      version: () => undefined,
      name: (item, at) => {
        file.name = scalar(item, at);
      },
      services: (item, at) => {
        file.services = each(item ?? {}, at, (one, here, name) => readService(name, one, here));
      },
      networks: (item, at) => {
        file.networks = each(item ?? {}, at, readNetwork);
      },
      volumes: (item, at) => {
        file.volumes = each(item ?? {}, at, readVolume);
      },
    },
  );
  if (refused.length > 0) {
    throw composeInvalid(
      `not available here: ${refused.join(', ')}`,
      'Take these out of the file: nothing of it is left out in silence.',
    );
  }
  if (file.services.size === 0) throw composeInvalid('no service selected');
  return checked(withDefaultNetwork(file));
}

function each<T>(
  value: unknown,
  place: Place,
  read: (value: unknown, place: Place, name: string) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(object(value, place)).map(([name, item]) => [
      name,
      read(item, below(place, name), name),
    ]),
  );
}

function readNetwork(value: unknown, place: Place): ComposeNetwork {
  const network: Writable<ComposeNetwork> = { external: false, internal: false, labels: [] };
  if (value === null) return network;
  mapping(value, place, {
    name: (item, at) => {
      network.name = scalar(item, at);
    },
    external: (item, at) => {
      network.external = truth(item, at);
    },
    internal: (item, at) => {
      network.internal = truth(item, at);
    },
    driver: (item, at) => {
      if (item !== 'bridge' && item !== 'default') at.refused.push(`${at.path}: ${String(item)}`);
    },
    labels: (item, at) => {
      network.labels = pairs(item, at);
    },
    ipam: (item, at) => {
      mapping(item, at, {
        driver: () => undefined,
        config: (configs, here) => {
          for (const [index, one] of list(configs, here).entries()) {
            mapping(one, below(here, index), {
              subnet: (text, spot) => {
                network.subnet = scalar(text, spot);
              },
              gateway: (text, spot) => {
                network.gateway = scalar(text, spot);
              },
            });
          }
        },
      });
    },
  });
  return network;
}

function readVolume(value: unknown, place: Place): ComposeVolume {
  const volume: Writable<ComposeVolume> = { external: false, labels: [] };
  if (value === null) return volume;
  mapping(value, place, {
    name: (item, at) => {
      volume.name = scalar(item, at);
    },
    external: (item, at) => {
      volume.external = truth(item, at);
    },
    driver: (item, at) => {
      if (item !== 'local') at.refused.push(`${at.path}: ${String(item)}`);
    },
    labels: (item, at) => {
      volume.labels = pairs(item, at);
    },
  });
  return volume;
}

/** Who says nothing is in the network `default`. */
function withDefaultNetwork(file: ComposeFile): ComposeFile {
  const services = new Map<string, Service>();
  let isUsed = false;
  for (const [name, service] of file.services) {
    const isOpen = service.networks.length === 0 && service.networkMode === undefined;
    isUsed ||= isOpen || service.networks.some(({ network }) => network === 'default');
    const networks = isOpen ? [{ network: 'default', aliases: [] }] : service.networks;
    services.set(name, { ...service, networks });
  }
  if (!isUsed || file.networks.has('default')) return { ...file, services };
  const own: ComposeNetwork = { external: false, internal: false, labels: [] };
  return { ...file, services, networks: new Map([['default', own], ...file.networks]) };
}

function checked(file: ComposeFile): ComposeFile {
  const undefinedOf = (service: string, what: string): Error =>
    composeInvalid(`service ${JSON.stringify(service)} ${what}: invalid compose project`);
  for (const service of file.services.values()) {
    checkService(service);
    for (const name of needsOf(service).keys()) {
      if (!file.services.has(name)) {
        throw undefinedOf(service.name, `depends on undefined service ${JSON.stringify(name)}`);
      }
    }
    for (const { network } of service.networks) {
      if (!file.networks.has(network)) {
        throw undefinedOf(service.name, `refers to undefined network ${network}`);
      }
    }
    for (const volume of service.volumes) {
      const name = volumeName(volume);
      if (name !== undefined && !file.volumes.has(name)) {
        throw undefinedOf(service.name, `refers to undefined volume ${name}`);
      }
    }
  }
  return file;
}

/** The volume that a `-v` names; undefined when it names a path, or nothing. */
export function volumeName(text: string): string | undefined {
  const [source = '', target] = text.split(':');
  return target === undefined || /^[./~]/.test(source) ? undefined : source;
}
