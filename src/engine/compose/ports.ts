import { type Place, below, list, mapping, scalar, wrongValue } from './values.ts';

/** `ports` as after `-p`: short forms as they are, long ones made short. */
export function readPorts(value: unknown, place: Place): readonly string[] {
  return list(value, place).map((item, index) => {
    const here = below(place, index);
    return typeof item === 'object' && item !== null ? longPort(item, here) : scalar(item, here);
  });
}

function longPort(value: unknown, place: Place): string {
  const found: Record<string, string> = {};
  const keep = (key: string) => (item: unknown, at: Place) => {
    found[key] = scalar(item, at);
  };
  mapping(value, place, {
    target: keep('target'),
    published: keep('published'),
    host_ip: keep('ip'),
    protocol: keep('protocol'),
    name: () => undefined,
    mode: (item, at) => {
      if (item !== 'ingress' && item !== 'host') throw wrongValue(at, '"host" or "ingress"');
    },
  });
  const { target, published = '', ip, protocol = 'tcp' } = found;
  if (target === undefined) throw wrongValue(place, 'a mapping with a target');
  const outside = ip === undefined ? published : `${ip}:${published}`;
  return `${outside === '' ? '' : `${outside}:`}${target}/${protocol}`;
}
