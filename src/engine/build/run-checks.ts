import { checkDockerfile } from '../dockerfile/checks.ts';
import type { Diagnostic } from '../dockerfile/diagnostic.ts';
import { parseDockerignore } from '../dockerfile/ignore.ts';
import type { Dockerfile, Stage } from '../dockerfile/instructions.ts';
import type { OciPlatform } from '../oci/image.ts';
import { platformName } from '../oci/platform.ts';
import type { BuildRequest } from './request.ts';

/** The build checks with all a build knows; `imageEnv` gives the variables of a stage's base image. */
export function runChecks(
  dockerfile: Dockerfile,
  request: BuildRequest,
  buildPlatform: OciPlatform,
  imageEnv: (stage: Stage) => readonly string[] | undefined = () => undefined,
): readonly Diagnostic[] {
  const rules = request.ignore && parseDockerignore(request.ignore.source);
  return checkDockerfile(dockerfile, {
    buildArgs: new Map(Object.entries(request.args ?? {})),
    platforms: {
      build: platformName(buildPlatform),
      target: platformName(request.platform ?? buildPlatform),
    },
    imageEnv,
    isIgnored: (path) => rules?.verdict(path) === 'drop',
  });
}
