import { nameOf } from './merge-config.ts';
import type { ContainerRecord } from './record.ts';

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The environment of a process in a container, in Docker's order: its own pairs, those of the
 * container, `more` of an exec, and HOME where nobody set it. A name without `=` unsets it.
 */
export function processEnv(
  { config }: Pick<ContainerRecord, 'config'>,
  {
    tty,
    home,
    more = [],
  }: { readonly tty: boolean; readonly home: string; readonly more?: readonly string[] },
): readonly string[] {
  const env = [PATH, `HOSTNAME=${config.Hostname}`, ...(tty ? ['TERM=xterm'] : [])];
  for (const pair of [...(config.Env ?? []), ...more]) {
    const at = env.findIndex((one) => nameOf(one) === nameOf(pair));
    if (!pair.includes('=')) {
      if (at >= 0) env.splice(at, 1);
    } else if (at >= 0) env[at] = pair;
    else env.push(pair);
  }
  return env.some((pair) => nameOf(pair) === 'HOME') ? env : [...env, `HOME=${home}`];
}
