import type { ServiceBuild } from '../compose/model.ts';
import { EngineError } from '../errors.ts';
import { buildCommand } from './build.ts';
import type { CommandContext } from './command.ts';
import { pathIn, type Project } from './compose-project.ts';
import { parseFlags } from './flags.ts';

const BUILD_FAILED = 17;

/** Builds a service's image as `docker build` does. Errors: `usage`, when it failed; why was said before. */
export async function buildService(
  context: CommandContext,
  project: Project,
  { context: folder, dockerfile, target, args }: ServiceBuild,
  image: string,
): Promise<void> {
  const place = pathIn(project, folder);
  const words = [
    ...['--tag', image],
    ...(dockerfile === undefined ? [] : ['--file', inFolder(place, dockerfile)]),
    ...(target === undefined ? [] : ['--target', target]),
    ...args.flatMap((arg) => ['--build-arg', withValue(project, arg)]),
    place,
  ];
  const code = await buildCommand.run({ ...context, ...parseFlags(buildCommand.flags, words) });
  if (code === 0) return;
  throw new EngineError('usage', `failed to build ${image}`, { exitCode: BUILD_FAILED });
}

/** A Dockerfile is relative to its context. */
function inFolder(folder: string, dockerfile: string): string {
  if (dockerfile.startsWith('/')) return dockerfile;
  return `${folder}${folder.endsWith('/') ? '' : '/'}${dockerfile}`;
}

/** A name without a value takes the one from outside. */
function withValue({ variables }: Project, arg: string): string {
  const value = arg.includes('=') ? undefined : variables.get(arg);
  return value === undefined ? arg : `${arg}=${value}`;
}
