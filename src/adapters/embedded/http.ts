import type { Machine } from '../../machine/machine.ts';
import { once, utf8 } from '../../engine/bytes.ts';
import type { HttpAnswer, HttpRequest } from '../../verify/engine.ts';
import { output } from './output.ts';

/** A container's address on its own loopback: what listens on 127.0.0.1 alone is not reached there. */
const ADDRESS = '172.31.255.1';
const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';
const TIMEOUT = 5000;
const MOST_BODY = 1024 * 1024;

/** Asks one container; undefined without an answer. */
export type Ask = (port: number, request: HttpRequest) => Promise<HttpAnswer | undefined>;

/**
 * HTTP into the network of a process of the machine, by curl of the machine's own: a container has
 * no more than its loopback.
 */
export function asker(machine: Pick<Machine, 'shell'>, pid: () => number): Ask {
  let address: Promise<unknown> | undefined;

  async function inNetwork(
    argv: readonly string[],
    stdin?: string,
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const streams = [output(), output()] as const;
    const process = await machine.shell(
      { argv: ['nsenter', '-t', String(pid()), '-n', ...argv], env: [PATH], cwd: '/' },
      {
        ...(stdin !== undefined && { stdin: once(utf8(stdin)) }),
        output: (stream, bytes) => {
          streams[stream === 1 ? 0 : 1].add(bytes);
        },
      },
    );
    const code = await process.exit;
    return { code, stdout: streams[0].text(), stderr: streams[1].text() };
  }

  return async (port, request) => {
    if (pid() === 0) return undefined;
    address ??= inNetwork(['ip', 'address', 'add', `${ADDRESS}/32`, 'dev', 'lo']);
    await address;
    const { code, stdout, stderr } = await inNetwork(curl(port, request), request.body);
    if (code === 0) return parseAnswer(stdout);
    if (pid() === 0 || NO_ANSWER.has(code) || stderr.startsWith('nsenter')) return undefined;
    throw new Error(`curl ended with ${code}: ${stderr}`);
  };
}

/** Refused, timed out, closed in the middle, empty, nonsense instead of HTTP. */
const NO_ANSWER: ReadonlySet<number> = new Set([1, 7, 8, 18, 23, 28, 52, 55, 56]);

function curl(port: number, { method, path, headers = {}, body, timeout }: HttpRequest): string[] {
  const verb = method ?? (body === undefined ? 'GET' : 'POST');
  return [
    ...['curl', '-sS', '-i', '--noproxy', '*', '--globoff', '--path-as-is'],
    ...['--max-time', String((timeout ?? TIMEOUT) / 1000)],
    ...(verb === 'HEAD' ? ['--head'] : ['-X', verb]),
    // Without it curl asks whether it may send a long body.
    ...['-H', 'Expect:'],
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(body === undefined ? [] : ['--data-binary', '@-']),
    `http://${ADDRESS}:${port}${path}`,
  ];
}

/** Exported for its tests. */
export function parseAnswer(text: string): HttpAnswer | undefined {
  const [head = '', ...rest] = text.split(/\r?\n\r?\n/);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const status = Number(/^HTTP\/\S+ (\d{3})/.exec(first)?.[1]);
  if (Number.isNaN(status)) return undefined;
  const body = text.slice(head.length).replace(/^\r?\n\r?\n/, '');
  // `100 Continue` and the like come before the answer.
  if (status < 200 && rest.length > 0) return parseAnswer(body);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value.trim();
  }
  return { status, headers, body: body.slice(0, MOST_BODY) };
}
