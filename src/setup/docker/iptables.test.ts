import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { undoRules } from './iptables.ts';

const filter = (lines: readonly string[], policy = 'ACCEPT'): string =>
  ['*filter', ':INPUT ACCEPT [0:0]', `:FORWARD ${policy} [0:0]`, ...lines, 'COMMIT', ''].join('\n');

const docker = [
  ':DOCKER - [0:0]',
  '-A FORWARD -o semd1 -j DOCKER',
  '-A FORWARD -i semd1 -j ACCEPT',
];
const isOurs = (rule: string): boolean => rule.includes('semd1');

describe('what puts the rules back after a Docker daemon', () => {
  it.each([
    ['nothing was changed', filter(['-A INPUT -j LOG']), filter(['-A INPUT -j LOG']), ''],
    [
      'there were no tables at all',
      '',
      filter(docker, 'DROP'),
      '*filter\n-P FORWARD ACCEPT\n-F FORWARD\n-F DOCKER\n-X DOCKER\nCOMMIT\n',
    ],
    [
      'there were rules of the machine',
      filter(['-A FORWARD -s 1.2.3.4 -j DROP']),
      filter([...docker, '-A FORWARD -s 1.2.3.4 -j DROP'], 'DROP'),
      '*filter\n-P FORWARD ACCEPT\n-F FORWARD\n-F DOCKER\n-A FORWARD -s 1.2.3.4 -j DROP\n-X DOCKER\nCOMMIT\n',
    ],
    [
      'another Docker was there first, and lost a rule to ours',
      filter([':DOCKER - [0:0]', '-A FORWARD -o docker0 -j DOCKER', '-A DOCKER -j RETURN'], 'DROP'),
      filter(
        [':DOCKER - [0:0]', '-A FORWARD -o semd1 -j DOCKER', '-A FORWARD -o docker0 -j DOCKER'],
        'DROP',
      ),
      '*filter\n-F FORWARD\n-F DOCKER\n-A FORWARD -o docker0 -j DOCKER\n-A DOCKER -j RETURN\nCOMMIT\n',
    ],
    [
      'somebody added a rule meanwhile: it stays',
      filter([]),
      filter([...docker, '-A FORWARD -i wg0 -j ACCEPT']),
      '*filter\n-F FORWARD\n-F DOCKER\n-A FORWARD -i wg0 -j ACCEPT\n-X DOCKER\nCOMMIT\n',
    ],
    [
      'a chain of another Docker was removed: it comes back',
      filter([':DOCKER - [0:0]', '-A DOCKER -j RETURN']),
      filter([]),
      '*filter\n-N DOCKER\n-F DOCKER\n-A DOCKER -j RETURN\nCOMMIT\n',
    ],
  ])('when %s', (_, before, now, script) => {
    expect(undoRules(before, now, isOurs)).toBe(script);
  });

  it('is what iptables-restore takes, and has the effect', ({ skip }) => {
    skip(process.getuid?.() !== 0, 'a network of its own to try rules in needs root');
    const inside = (commands: string) =>
      spawnSync('unshare', ['-n', 'sh', '-ec', commands], {
        encoding: 'utf8',
        env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
      });
    const found = inside('command -v iptables-restore');
    skip(found.status !== 0, 'iptables is not installed');
    const before = filter(['-A FORWARD -s 1.2.3.4/32 -j DROP']);
    const now = filter([...docker, '-A FORWARD -s 1.2.3.4/32 -j DROP'], 'DROP');
    const { stdout, stderr, status } = inside(`
iptables-restore <<'END'\n${now}END
iptables-restore --noflush <<'END'\n${undoRules(before, now, isOurs)}END
iptables-save -t filter | grep -v '^#'`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(':FORWARD ACCEPT');
    expect(stdout).toContain('-A FORWARD -s 1.2.3.4/32 -j DROP');
    expect(stdout).not.toContain('DOCKER');
    expect(stdout).not.toContain('semd1');
  });
});
