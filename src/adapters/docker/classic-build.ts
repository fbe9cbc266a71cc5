import { Readable } from 'node:stream';
import { z } from 'zod';
import { utf8 } from '../../engine/bytes.ts';
import { writeTar } from '../../engine/tar/writer.ts';
import type { BuildJob, BuildResult } from './build.ts';
import { buildQuery } from './build-query.ts';
import type { Connection } from './connect.ts';
import { jsonLines } from './json-lines.ts';
import { postStream } from './post-stream.ts';
import { tail, textTail } from './trace.ts';

const lineSchema = z.object({
  stream: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
});

/** `STEP 2/3: RUN make`, of several stages `[1/2] STEP 2/3: RUN make`. */
const STEP = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+: /;

/**
 * Builds by sending an archive, as before BuildKit: Podman's builder is asked so. It reads the
 * Dockerfile from the context, so that one is there even when it is ignored.
 */
export async function classicBuild(connection: Connection, job: BuildJob): Promise<BuildResult> {
  const tree = job.context.apply([...job.instructions.walk()].map(({ entry }) => entry));
  const entries = [...tree.walk()].map(({ entry }) => ({ ...entry, mtime: 1_704_067_200 }));
  const answer = await postStream(connection, '/build', {
    query: buildQuery(job),
    signal: job.signal,
    body: Readable.from(writeTar(entries)),
  });
  let step = '';
  let log: Uint8Array = new Uint8Array(0);
  for await (const line of jsonLines(answer)) {
    const { stream, error, errorDetail } = lineSchema.parse(line);
    if (stream !== undefined) {
      if (STEP.test(stream)) {
        step = stream.trim();
        log = new Uint8Array(0);
      } else {
        log = tail(log, utf8(stream));
      }
    }
    const message = errorDetail?.message ?? error;
    if (message !== undefined) return { ok: false, message, log: textTail(log), step };
  }
  return { ok: true };
}
