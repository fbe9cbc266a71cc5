import { EngineError } from '../errors.ts';

const PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);
/** All ports there are: longer ranges cannot be. */
const HIGHEST = 65535;

/**
 * What one word of EXPOSE names, as config keys: `80` is `80/tcp`, `8000-8002/udp` is three. A host
 * address and port in front of it are dropped, as Docker drops them. Throws EngineError `port-invalid`.
 */
export function parsePorts(word: string): readonly string[] {
  const [spec = '', protocol = 'tcp'] = splitOnce(word, '/');
  const name = protocol === '' ? 'tcp' : protocol.toLowerCase();
  const container = spec.slice(spec.lastIndexOf(':') + 1);
  if (container === '') throw invalid(`No port specified: ${word}<empty>`);
  const [first = '', last = first] = splitOnce(container, '-');
  const start = portNumber(first);
  const end = portNumber(last);
  if (start === undefined || end === undefined)
    throw invalid(`Invalid containerPort: ${container}`);
  if (end < start) throw invalid(`Invalid containerPort: ${container}`);
  if (!PROTOCOLS.has(name)) throw invalid(`Invalid proto: ${protocol}`);
  return Array.from({ length: end - start + 1 }, (_, index) => `${start + index}/${name}`);
}

function portNumber(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= HIGHEST ? port : undefined;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function invalid(message: string): EngineError {
  return new EngineError('port-invalid', message, {
    hint: 'EXPOSE takes numbers from 0 to 65535, ranges such as 8000-8010, and /tcp, /udp or /sctp behind them.',
  });
}
