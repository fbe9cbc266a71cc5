import { type Place, below, list, mapping, scalar, truth, wrongValue } from './values.ts';

/** `volumes` of a service. */
export interface ServiceMounts {
  /** As after `-v`. */
  readonly volumes: readonly string[];
  /** As after `--tmpfs`. */
  readonly tmpfs: readonly string[];
}

export function readMounts(value: unknown, place: Place): ServiceMounts {
  const volumes: string[] = [];
  const tmpfs: string[] = [];
  for (const [index, item] of list(value, place).entries()) {
    const here = below(place, index);
    if (typeof item !== 'object' || item === null) volumes.push(scalar(item, here));
    else {
      const { type, source, target, readOnly } = longMount(item, here);
      if (type === 'tmpfs') tmpfs.push(readOnly ? `${target}:ro` : target);
      else if (source === undefined) volumes.push(target);
      else volumes.push([source, target, ...(readOnly ? ['ro'] : [])].join(':'));
    }
  }
  return { volumes, tmpfs };
}

function longMount(
  value: unknown,
  place: Place,
): {
  readonly type: string;
  readonly source: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
} {
  let [type, target, readOnly] = ['', '', false];
  let source: string | undefined;
  mapping(value, place, {
    type: (item, at) => {
      type = scalar(item, at);
      if (!['bind', 'volume', 'tmpfs'].includes(type)) at.refused.push(`${at.path}: ${type}`);
    },
    source: (item, at) => {
      source = scalar(item, at);
    },
    target: (item, at) => {
      target = scalar(item, at);
    },
    read_only: (item, at) => {
      readOnly = truth(item, at);
    },
  });
  if (target === '') throw wrongValue(place, 'a mapping with a target');
  // Without a dot in front `-v` would take it for a volume's name.
  const isPath = type === 'bind' && source !== undefined && !/^[./~]/.test(source);
  return { type, source: isPath ? `./${source ?? ''}` : source, target, readOnly };
}
