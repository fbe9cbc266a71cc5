import type { Mount } from '../process/host.ts';
import { invalid } from './check-request.ts';
import { parseBytes } from './sizes.ts';

/** Options of `--tmpfs` that mean something by themselves. */
const SWITCHES = new Set(
  (
    'async atime diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec ' +
    'nolazytime nomand norelatime nostrictatime nosuid relatime ro rw silent strictatime suid sync dev'
  ).split(' '),
);
const VALUES = new Set(['size', 'mode', 'uid', 'gid', 'nr_blocks', 'nr_inodes', 'mpol']);

/** `--tmpfs /path:options` by path, as mounts. Errors: `container-invalid`. */
export function tmpfsMounts(tmpfs: Readonly<Record<string, string>>): readonly Mount[] {
  return Object.entries(tmpfs).map(([target, text]) => {
    const options = text === '' ? [] : text.split(',');
    for (const option of options) checkOption(option);
    const valueOf = (name: string): string | undefined =>
      options.findLast((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
    const size = valueOf('size');
    const mode = valueOf('mode');
    const others = options.filter((option) => !/^(?:size|mode)=/.test(option));
    return {
      ...{ kind: 'tmpfs', target, options: others },
      ...(size !== undefined && { size: parseBytes(size) ?? 0 }),
      ...(mode !== undefined && { mode: parseInt(mode, 8) }),
    };
  });
}

function checkOption(option: string): void {
  const [name = '', value] = option.split('=');
  const isFine = value === undefined ? SWITCHES.has(name) : VALUES.has(name);
  if (!isFine) throw invalid(`invalid tmpfs option ${JSON.stringify(option)}`);
}
