import { parseDuration } from '../dockerfile/durations.ts';
import type { HealthConfig } from '../oci/image.ts';
import { type Place, mapping, scalar, scalars, truth, wrongValue } from './values.ts';

const NONE: HealthConfig = { Test: ['NONE'] };

/** `healthcheck` of a service. */
export function readHealth(value: unknown, place: Place): HealthConfig {
  const found: { -readonly [K in keyof HealthConfig]: HealthConfig[K] } = {};
  const off = { is: false };
  const duration = (key: 'Interval' | 'Timeout' | 'StartPeriod' | 'StartInterval') => {
    return (item: unknown, at: Place): void => {
      found[key] = nanoseconds(item, at);
    };
  };
  mapping(value, place, {
    test: (item, at) => {
      found.Test = test(item, at);
    },
    interval: duration('Interval'),
    timeout: duration('Timeout'),
    start_period: duration('StartPeriod'),
    start_interval: duration('StartInterval'),
    retries: (item, at) => {
      const count = Number(scalar(item, at));
      if (!Number.isInteger(count) || count < 0) throw wrongValue(at, 'a number');
      found.Retries = count;
    },
    disable: (item, at) => {
      off.is = truth(item, at);
    },
  });
  return off.is ? NONE : found;
}

/** Nanoseconds of `1m30s`. */
export function nanoseconds(value: unknown, place: Place): number {
  const parsed = parseDuration(scalar(value, place));
  if ('problem' in parsed) throw wrongValue(place, `a duration: ${parsed.problem}`);
  return parsed.nanoseconds;
}

function test(value: unknown, place: Place): readonly string[] {
  if (!Array.isArray(value)) return ['CMD-SHELL', scalar(value, place)];
  const words = scalars(value, place);
  if (!['CMD', 'CMD-SHELL', 'NONE'].includes(words[0] ?? '')) {
    throw wrongValue(place, 'a list that begins with NONE, CMD or CMD-SHELL');
  }
  return words;
}
