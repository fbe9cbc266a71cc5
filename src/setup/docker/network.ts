import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { must, tryTo } from './commands.ts';
import { undoRules } from './iptables.ts';

/** The machine's network as it was, and what the daemon gets of its own. */
export interface NetworkState {
  /** `iptables-save` before anything was touched. */
  readonly rules: string;
  /** Content of ip_forward: `0` or `1`. */
  readonly forward: string;
  readonly links: readonly string[];
  /** The daemon's default bridge; not `docker0`, which may be somebody else's. */
  readonly bridge: string;
  /** Address of the bridge with its prefix length. */
  readonly address: string;
}

const forwarding = '/proc/sys/net/ipv4/ip_forward';

/** Looks only; nothing is changed yet. */
export function planNetwork(): NetworkState {
  const routes = must('ip', ['-4', 'route']);
  const free = Array.from({ length: 256 }, (_, n) => `10.213.${n}.`).filter(
    (prefix) => !routes.includes(prefix),
  );
  const prefix = free[randomBytes(1).readUInt8() % free.length];
  if (prefix === undefined) throw new Error('no free network below 10.213.0.0/16');
  return {
    rules: must('iptables-save', []),
    forward: readFileSync(forwarding, 'utf8').trim(),
    links: links(),
    bridge: `semd${randomBytes(4).toString('hex')}`,
    address: `${prefix}1/24`,
  };
}

export function makeBridge({ bridge, address }: NetworkState): void {
  must('ip', ['link', 'add', bridge, 'type', 'bridge']);
  must('ip', ['addr', 'add', address, 'dev', bridge]);
  must('ip', ['link', 'set', bridge, 'up']);
}

/** Puts everything back; may be called at any point after {@link planNetwork}, also twice. */
export function restoreNetwork(state: NetworkState): void {
  const { rules, forward, bridge, links: before } = state;
  // A daemon that was killed leaves the bridges of its networks behind.
  const left = links().filter((name) => /^br-[0-9a-f]{12}$/.test(name) && !before.includes(name));
  // Rules about a published port name no bridge, only an address behind it.
  const marks = [...left, ...left.flatMap(networksOf), bridge, networkOf(state.address)];
  const script = undoRules(rules, must('iptables-save', []), (rule) =>
    marks.some((mark) => rule.includes(mark)),
  );
  if (script !== '') {
    const { status, stderr } = spawnSync('iptables-restore', ['--noflush', '--wait'], {
      input: script,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`iptables-restore: ${stderr}\n${script}`);
  }
  for (const link of [bridge, ...left]) tryTo('ip', ['link', 'delete', link]);
  writeFileSync(forwarding, `${forward}\n`);
}

function links(): string[] {
  const text = must('ip', ['-o', 'link']);
  return [...text.matchAll(/^\d+: ([^:@\s]+)/gm)].map((match) => match[1] ?? '');
}

/** A bridge's networks as the beginning of an address: `172.18.` for 172.18.0.1/16. */
function networksOf(link: string): string[] {
  const text = must('ip', ['-o', '-4', 'addr', 'show', 'dev', link]);
  return [...text.matchAll(/inet (\S+)/g)].map((match) => networkOf(match[1] ?? ''));
}

/** Docker's networks are /16, /20 or /24: cut at the byte, which for a /20 is a little too wide. */
function networkOf(address: string): string {
  const [ip = '', length = '24'] = address.split('/');
  return `${ip
    .split('.')
    .slice(0, Number(length) < 24 ? 2 : 3)
    .join('.')}.`;
}
