import type { Machine } from '../../machine/machine.ts';
import { once, utf8 } from '../../engine/bytes.ts';
import type { HttpAnswer, HttpRequest } from '../../verify/engine.ts';
import { output } from './output.ts';

const PATH = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';
const TIMEOUT = 5000;
const MOST_BODY = 1024 * 1024;

/** Asks one container; undefined without an answer. */
export type Ask = (port: number, request: HttpRequest) => Promise<HttpAnswer | undefined>;

/**
 * HTTP into the network of a process of the machine, by curl of the machine's own: a container has
 * no more than its loopback. Who listens is looked up first, which is cheap: curl is not, and what it
 * computes a program that is just starting cannot.
 */
export function asker(machine: Pick<Machine, 'shell'>, pid: () => number): Ask {
  const said = sayer(machine);
  return async (port, request) => {
    const id = pid();
    if (id === 0) return undefined;
    const sockets = await said(['cat', `/proc/${id}/net/tcp`, `/proc/${id}/net/tcp6`]);
    if (!listens(sockets.stdout, port)) return undefined;
    const enter = ['nsenter', '-t', String(id), '-n'];
    return answered(
      await said([...enter, ...curl(port, request)], request.body),
      () => pid() === 0,
    );
  };
}

/** HTTP to a port of the machine itself, as `curl localhost:PORT` in its shell. */
export function askMachine(machine: Pick<Machine, 'shell'>): Ask {
  const said = sayer(machine);
  return async (port, request) => answered(await said(curl(port, request), request.body));
}

/** Runs a program of the machine's own to its end. */
function sayer(machine: Pick<Machine, 'shell'>) {
  return async (argv: readonly string[], stdin?: string): Promise<Said> => {
    const streams = [output(), output()] as const;
    const process = await machine.shell(
      { argv, env: [PATH], cwd: '/' },
      {
        ...(stdin !== undefined && { stdin: once(utf8(stdin)) }),
        output: (stream, bytes) => {
          streams[stream === 1 ? 0 : 1].add(bytes);
        },
      },
    );
    const code = await process.exit;
    return { code, stdout: streams[0].text(), stderr: streams[1].text() };
  };
}

function answered(
  { code, stdout, stderr }: Said,
  isGone: () => boolean = () => false,
): HttpAnswer | undefined {
  if (code === 0) return parseAnswer(stdout);
  if (isGone() || NO_ANSWER.has(code) || stderr.startsWith('nsenter')) return undefined;
  throw new Error(`curl ended with ${code}: ${stderr}`);
}

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const LISTEN = '0A';

/**
 * Whether, by the kernel's table of sockets, somebody listens on a port for more than the container
 * itself: what is on 127.0.0.1 or ::1 alone would be heard here, and nowhere else.
 */
export function listens(table: string, port: number): boolean {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').some((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    const [address = '', at] = local.split(':');
    return state === LISTEN && at === wanted && !isLoopback(address);
  });
}

/** Addresses are words of 32 bits in the processor's order, hexadecimal: 127.0.0.1 is `0100007F`. */
function isLoopback(address: string): boolean {
  const isMapped = /^0{16}FFFF0000/.test(address);
  const isV4 = address.length === 8 || isMapped;
  return isV4 ? address.endsWith('7F') : address === '00000000000000000000000001000000';
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
    `http://127.0.0.1:${port}${path}`,
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
