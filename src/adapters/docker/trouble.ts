import { EngineTrouble, type TroubleCode } from '../../verify/engine.ts';
import type { Words } from '../../verify/words.ts';
import { both } from './words.ts';

/** What the client library rejects with: Node's own errors, and answers of the engine that are not 2xx. */
interface ApiError {
  readonly code: string | undefined;
  readonly status: number | undefined;
  /** The engine's sentence, without the library's own. */
  readonly message: string;
}

export function apiError(error: unknown): ApiError {
  if (!(error instanceof Error))
    return { code: undefined, status: undefined, message: String(error) };
  const status =
    'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const json: unknown = 'json' in error ? error.json : undefined;
  const said =
    typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  const message =
    typeof said === 'string' ? said : error.message.replace(/^\(HTTP code \d+\) [^-]* - /, '');
  return { code, status, message: message.trim() };
}

/** What an engine's words mean where they are nobody's fault here. Looked through in this order. */
const PATTERNS: readonly (readonly [RegExp, TroubleCode])[] = [
  [/no space left on device|disk quota exceeded|not enough (?:disk )?space/i, 'no-space'],
  [
    /no such host|i\/o timeout|TLS handshake timeout|network is unreachable|no route to host|temporary failure in name resolution|server misbehaving|request canceled while waiting for connection|context deadline exceeded|proxyconnect|toomanyrequests|connection refused|connection reset|x509:/i,
    'no-network',
  ],
];

/** The trouble that a message of the engine tells of; undefined when it may be anything. */
export function troubleOf(message: string): TroubleCode | undefined {
  return PATTERNS.find(([pattern]) => pattern.test(message))?.[1];
}

const ADVICE: Partial<Record<TroubleCode, Words>> = {
  'no-space': both(
    'Libere espaço: `docker system df` mostra o que ocupa o disco, e `docker builder prune` esvazia o cache de builds.',
    'Free some space: `docker system df` shows what takes the disk, and `docker builder prune` empties the build cache.',
  ),
  'no-network': both(
    'Confira o nome no `FROM` e a sua internet (proxy, VPN). Sem internet, `semdistro pantry load --as-upstream` põe as imagens da oficina no seu Docker.',
    'Check the name after `FROM`, and your internet (proxy, VPN). Without internet, `semdistro pantry load --as-upstream` puts the workshop’s images into your Docker.',
  ),
};

const SENTENCES: Partial<Record<TroubleCode, (detail: string) => Words>> = {
  'no-space': (detail) =>
    both(`Acabou o espaço em disco: ${detail}`, `The disk is full: ${detail}`),
  'no-network': (detail) =>
    both(
      `O registro de imagens não respondeu: ${detail}`,
      `The image registry cannot be reached: ${detail}`,
    ),
};

/** A message of the engine as trouble; `engine-failed` where it has no better name. */
export function asTrouble(message: string, cause?: unknown): EngineTrouble {
  const code = troubleOf(message) ?? 'engine-failed';
  const words =
    SENTENCES[code]?.(message) ??
    both(
      `O Docker (ou Podman) respondeu com um erro: ${message}`,
      `Docker (or Podman) answered with an error: ${message}`,
    );
  const advice = ADVICE[code];
  return new EngineTrouble(code, words, { ...(advice && { advice }), cause });
}

/** Any rejection of the client library as trouble; what is trouble already is passed on. */
export function troubleFrom(error: unknown): EngineTrouble {
  if (error instanceof EngineTrouble) return error;
  const { code, message } = apiError(error);
  if (code === undefined || !CONNECTION.has(code)) return asTrouble(message, error);
  return new EngineTrouble(
    'engine-failed',
    both(
      `A conexão com o Docker caiu (\`${code}\`).`,
      `The connection to Docker broke (\`${code}\`).`,
    ),
    {
      advice: both(
        'Veja se ele ainda está rodando, com `docker version`, e tente de novo.',
        'See whether it is still running, with `docker version`, and try again.',
      ),
      cause: error,
    },
  );
}

const CONNECTION = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNREFUSED',
  'ENOENT',
  'UND_ERR_SOCKET',
  'ETIMEDOUT',
]);
