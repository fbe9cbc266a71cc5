import type { BuildJob } from './build.ts';

/** What both builders are asked with. */
export function buildQuery({ request, dockerfile, tag }: BuildJob): Record<string, string> {
  const { target, args, noCache } = request;
  return {
    dockerfile,
    t: tag,
    rm: '1',
    forcerm: '1',
    ...(target !== undefined && { target }),
    ...(args && { buildargs: JSON.stringify(args) }),
    ...(noCache === true && { nocache: '1' }),
  };
}
