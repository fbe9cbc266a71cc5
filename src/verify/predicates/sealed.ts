import type { RunRequest } from '../engine.ts';

/**
 * The same run with everything shut that a service does not need: a root that cannot be written, no
 * capabilities, no new privileges, and a tmpfs at `/tmp`. Judge the effect with `answers` or `runs`.
 *
 *     run: async ({ engine, built }) =>
 *       answers(engine, sealed({ image: await built() }), { port: 8080, path: '/' }),
 */
export function sealed(request: RunRequest): RunRequest {
  return {
    ...request,
    readOnly: true,
    dropCapabilities: true,
    noNewPrivileges: true,
    tmpfs: [...new Set(['/tmp', ...(request.tmpfs ?? [])])],
  };
}
