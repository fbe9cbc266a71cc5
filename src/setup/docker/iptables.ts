/** One table as `iptables-save` prints it. Rules are whole lines, `-A CHAIN …`. */
interface Table {
  readonly chains: ReadonlyMap<string, Chain>;
}

interface Chain {
  /** `-` for a chain that is not built in. */
  readonly policy: string;
  readonly rules: readonly string[];
}

function parse(saved: string): ReadonlyMap<string, Table> {
  const tables = new Map<string, { chains: Map<string, { policy: string; rules: string[] }> }>();
  let chains = new Map<string, { policy: string; rules: string[] }>();
  for (const line of saved.split('\n')) {
    const [first = '', second = ''] = line.split(' ');
    if (first.startsWith('*')) {
      chains = new Map();
      tables.set(first.slice(1), { chains });
    } else if (first.startsWith(':')) {
      chains.set(first.slice(1), { policy: second, rules: [] });
    } else if (first === '-A') {
      chains.get(second)?.rules.push(line);
    }
  }
  return tables;
}

/**
 * What `iptables-restore --noflush` must be given so that the rules are again what they were
 * `before` a Docker daemon came (both texts from `iptables-save`); '' when nothing has to change.
 * Rules that somebody else added meanwhile stay. `isOurs` knows those that name the daemon's own
 * bridge or addresses; rules into chains that go are dropped anyway.
 */
export function undoRules(before: string, now: string, isOurs: (rule: string) => boolean): string {
  const was = parse(before);
  const scripts: string[] = [];
  for (const [name, { chains }] of parse(now)) {
    const lines = undoTable(was.get(name)?.chains ?? new Map<string, Chain>(), chains, isOurs);
    if (lines.length > 0) scripts.push([`*${name}`, ...lines, 'COMMIT', ''].join('\n'));
  }
  return scripts.join('');
}

function undoTable(
  before: ReadonlyMap<string, Chain>,
  now: ReadonlyMap<string, Chain>,
  isOurs: (rule: string) => boolean,
): string[] {
  const leaving = [...now.keys()].filter(
    (chain) => chain.startsWith('DOCKER') && !before.has(chain),
  );
  const goes = (rule: string): boolean =>
    isOurs(rule) || leaving.some((chain) => rule.split(' ').includes(chain));
  const creates = [...before.keys()].filter((chain) => !now.has(chain)).map((name) => `-N ${name}`);
  const flushes: string[] = [];
  const adds: string[] = [];
  for (const chain of new Set([...before.keys(), ...now.keys()])) {
    if (leaving.includes(chain)) {
      flushes.push(`-F ${chain}`);
      continue;
    }
    const was = before.get(chain)?.rules ?? [];
    const has = now.get(chain)?.rules ?? [];
    const wanted = [...was, ...has.filter((rule) => !was.includes(rule) && !goes(rule))];
    // A table that was not there before has chains that accept and no rules.
    const policy = before.get(chain)?.policy ?? (now.get(chain)?.policy === '-' ? '-' : 'ACCEPT');
    if (policy !== '-' && policy !== now.get(chain)?.policy) flushes.push(`-P ${chain} ${policy}`);
    if (wanted.join('\n') === has.join('\n')) continue;
    flushes.push(`-F ${chain}`);
    adds.push(...wanted);
  }
  return [...creates, ...flushes, ...adds, ...leaving.map((chain) => `-X ${chain}`)];
}
