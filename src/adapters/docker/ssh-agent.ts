import { spawn } from 'node:child_process';
import { Agent, type AgentOptions } from 'node:http';
import { Duplex } from 'node:stream';

/**
 * For `ssh://[user@]host[:port]`: what gives the client library its connections. It runs `ssh`, as
 * Docker's own client does, so that keys, known hosts and jump hosts are those of the user's own
 * configuration; the library's own SSH would check no host key. Undefined for other URLs.
 */
export function sshAgent(url: string): { readonly agent: Agent } | undefined {
  if (!url.startsWith('ssh://')) return undefined;
  const { username, hostname, port } = new URL(url);
  const args = [
    ...(port === '' ? [] : ['-p', port]),
    ...(username === '' ? [] : ['-l', decodeURIComponent(username)]),
    ...['-o', 'ConnectTimeout=10', '-T', '--', hostname],
    ...['docker', 'system', 'dial-stdio'],
  ];
  return { agent: new ProgramAgent(args) };
}

/** Node asks for a class here: connections come from a method. */
class ProgramAgent extends Agent {
  readonly #args: readonly string[];

  constructor(args: readonly string[], options?: AgentOptions) {
    super({ keepAlive: false, ...options });
    this.#args = args;
  }

  override createConnection(): Duplex {
    const child = spawn('ssh', this.#args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const duplex = Duplex.from({ readable: child.stdout, writable: child.stdin });
    child.on('error', (error) => duplex.destroy(error));
    duplex.on('close', () => child.kill());
    // What sockets have and requests call.
    return Object.assign(duplex, {
      setKeepAlive: () => duplex,
      setNoDelay: () => duplex,
      setTimeout: () => duplex,
      ref: () => duplex,
      unref: () => duplex,
    });
  }
}
