import { collect, utf8 } from '../bytes.ts';
import type { Session } from '../docker/session.ts';
import { EngineError } from '../errors.ts';

/** As BuildKit: a secret is no data set. */
const LARGEST = 500 * 1024;

/** Reads the values of `--secret` (`id=x,src=file`, `id=x,env=NAME`). Errors: `secret-invalid`, `secret-missing`. */
export async function readSecrets(
  session: Session,
  specs: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const secrets = new Map<string, Uint8Array>();
  for (const spec of specs) {
    const { id, content } = await readSecret(session, spec);
    secrets.set(id, content);
  }
  return secrets;
}

async function readSecret(
  session: Session,
  spec: string,
): Promise<{ readonly id: string; readonly content: Uint8Array }> {
  const fields = new Map<string, string>();
  for (const field of spec.split(',')) {
    const at = field.indexOf('=');
    const key = field.slice(0, Math.max(at, 0)).toLowerCase();
    if (!['id', 'src', 'source', 'env', 'type'].includes(key)) {
      throw invalid(`unexpected key '${at < 0 ? field : key}' in '${field}'`);
    }
    fields.set(key === 'source' ? 'src' : key, field.slice(at + 1));
  }
  const id = fields.get('id') ?? '';
  if (id === '') throw invalid(`secret without an id: ${JSON.stringify(spec)}`);
  const type = fields.get('type');
  if (type !== undefined && type !== 'file' && type !== 'env') {
    throw invalid(`unsupported secret type ${JSON.stringify(type)}`);
  }
  const named = fields.get('env') ?? (type === 'env' ? fields.get('src') : undefined);
  const implied = fields.has('src') || type === 'file' ? undefined : id;
  const value = session.env[named ?? implied ?? ''];
  if (value !== undefined) return { id, content: utf8(value) };
  if (named !== undefined) {
    throw new EngineError('secret-missing', `secret ${id}: the variable ${named} is not set`);
  }
  const path = fields.get('src') ?? id;
  const content = await session.files.open(path);
  if (!content) {
    throw new EngineError(
      'secret-missing',
      `failed to stat ${path}: stat ${path}: no such file or directory`,
    );
  }
  try {
    return { id, content: await collect(content.stream(), LARGEST) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(`secret ${id} is larger than ${LARGEST / 1024} KiB`);
  }
}

function invalid(message: string): EngineError {
  return new EngineError('secret-invalid', message, {
    hint: 'Write --secret id=NAME,src=FILE or --secret id=NAME,env=VARIABLE.',
  });
}
