import { publishedPorts } from '../containers/ports.ts';
import { findContainer } from '../containers/registry.ts';
import type { CommandDefinition } from './command.ts';
import { usageError } from './usage-error.ts';

export const portCommand: CommandDefinition = {
  name: 'port',
  aliases: ['container port', 'port'],
  usage: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  summary: 'List port mappings or a specific mapping for the container',
  flags: [],
  arguments: { min: 1, max: 2 },
  examples: ['docker port web', 'docker port web 80/tcp'],
  async run({ engine, session, args }) {
    const [name = '', wanted] = args;
    const ports = publishedPorts(await findContainer(engine, name));
    const address = (ip: string, port: string): string =>
      `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
    if (wanted === undefined) {
      for (const { port, hostIp, hostPort } of ports) {
        session.stdout.write(`${port} -> ${address(hostIp, hostPort)}\n`);
      }
      return 0;
    }
    const [number = '', protocol = 'tcp'] = wanted.split('/');
    if (!/^\d+$/.test(number) || Number(number) > 65535) {
      const why = /^\d+$/.test(number) ? 'value out of range' : 'invalid syntax';
      const parsing = `strconv.ParseUint: parsing ${JSON.stringify(number)}: ${why}`;
      throw usageError(`Error: invalid port (${number}): ${parsing}`, 1);
    }
    const found = ports.filter(({ port }) => port === `${number}/${protocol}`);
    if (found.length === 0) {
      throw usageError(`Error: No public port '${wanted}' published for ${name}`, 1);
    }
    for (const { hostIp, hostPort } of found) {
      session.stdout.write(`${address(hostIp, hostPort)}\n`);
    }
    return 0;
  },
};
