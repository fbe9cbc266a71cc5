import { z } from 'zod';
import type { BuildJob, BuildResult } from './build.ts';
import { buildQuery } from './build-query.ts';
import type { Connection } from './connect.ts';
import { DIFF_COPY, fileSync } from './file-sync.ts';
import { jsonLines } from './json-lines.ts';
import { postStream } from './post-stream.ts';
import { openSession } from './session.ts';
import { openTrace } from './trace.ts';

const lineSchema = z.object({
  id: z.string().optional(),
  aux: z.unknown().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
});

/**
 * Builds with BuildKit as Docker's client does: the builder fetches what it wants of the files over a
 * session, so that a Dockerfile that is ignored is in no image, and steps come from the very same cache.
 */
export async function buildKitBuild(connection: Connection, job: BuildJob): Promise<BuildResult> {
  const { context, instructions, signal } = job;
  const folders = { context, dockerfile: instructions };
  const session = await openSession(connection, { [DIFF_COPY]: fileSync(folders) });
  try {
    const query = {
      ...buildQuery(job),
      version: '2',
      remote: 'client-session',
      session: session.id,
    };
    const answer = await postStream(connection, '/build', { query, signal });
    const trace = openTrace();
    for await (const line of jsonLines(answer)) {
      const { id, aux, error, errorDetail } = lineSchema.parse(line);
      if (id === 'moby.buildkit.trace' && typeof aux === 'string') trace.add(aux);
      const message = errorDetail?.message ?? error;
      if (message === undefined) continue;
      const failed = trace.failed();
      return { ok: false, message, log: failed?.log ?? '', step: failed?.step.name };
    }
    return { ok: true };
  } finally {
    session.close();
  }
}
