import type { Session } from '../docker/session.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { LocatedError } from '../dockerfile/located-error.ts';
import { excerpt } from './excerpt.ts';
import type { BuildRequest } from './request.ts';
import { runChecks } from './run-checks.ts';

/** `docker build --check`: prints what the build checks find and builds nothing. 1 when they find something. */
export async function checkOnly(session: Session, request: BuildRequest): Promise<number> {
  const { name, source } = request.dockerfile;
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (!dockerfile) {
    const [first] = diagnostics;
    if (!first) throw new Error('a Dockerfile was refused without a reason');
    throw new LocatedError(first.code, first.message, { range: first.range, hint: first.hint });
  }
  const found = runChecks(dockerfile, request, session.engine.defaultPlatform);
  const { stdout } = session;
  if (found.length === 0) {
    stdout.write('Check complete, no warnings found.\n');
    return 0;
  }
  const count = found.length === 1 ? '1 warning has' : `${found.length} warnings have`;
  stdout.write(`Check complete, ${count} been found!\n`);
  for (const { code, message, hint, range } of found) {
    stdout.write(`\nWARNING: ${code}\n${message}\n${hint}\n${excerpt(name, source, range)}`);
  }
  return 1;
}
