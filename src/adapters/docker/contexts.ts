import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Certificates, in PEM. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Whether the engine's certificate must be one that `ca` (or the system) knows. */
  readonly verify: boolean;
}

export interface ContextEndpoint {
  readonly url: string;
  readonly tls?: TlsFiles;
}

const metaSchema = z.object({
  Endpoints: z.object({
    docker: z
      .object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() })
      .optional(),
  }),
});

/**
 * A context of Docker's client (`docker context create`): a folder named by the SHA-256 of its name,
 * with its certificates in another. Undefined when there is none of this name with a Docker in it.
 */
export async function readContext(
  folder: string,
  name: string,
): Promise<ContextEndpoint | undefined> {
  const id = createHash('sha256').update(name).digest('hex');
  const text = await readFile(join(folder, 'contexts', 'meta', id, 'meta.json'), 'utf8').catch(
    () => undefined,
  );
  if (text === undefined) return undefined;
  const parsed = metaSchema.safeParse(parseJson(text));
  const endpoint = parsed.data?.Endpoints.docker;
  if (endpoint?.Host === undefined || endpoint.Host === '') return undefined;
  const tls = await readTls(join(folder, 'contexts', 'tls', id, 'docker'));
  return {
    url: endpoint.Host,
    ...(tls && { tls: { ...tls, verify: endpoint.SkipTLSVerify !== true } }),
  };
}

async function readTls(folder: string): Promise<Omit<TlsFiles, 'verify'> | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const read = async (name: string): Promise<string | undefined> =>
    names.includes(name) ? readFile(join(folder, name), 'utf8') : undefined;
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')]);
  if (ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
