import { applyConfig } from '../build/apply-config.ts';
import { configOf, draftFromImage } from '../build/draft.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { globalScope } from '../dockerfile/scopes.ts';
import { EngineError } from '../errors.ts';
import { rootedPath } from '../layer/path.ts';
import type { ContainerConfig, OciPlatform } from '../oci/image.ts';
import { platformName } from '../oci/platform.ts';

/** Instructions that only change the config; Docker takes no others. */
const CHANGES = new Set(
  'cmd entrypoint env expose healthcheck label onbuild stopsignal user volume workdir'.split(' '),
);

/** What `-c` of `commit` and `import` makes of a config. Errors: `change-invalid`, those of the instructions. */
export function changedConfig(
  base: ContainerConfig,
  changes: readonly string[],
  platform: OciPlatform,
): ContainerConfig {
  for (const change of changes) {
    const word = /^\s*(\S*)/.exec(change)?.[1] ?? '';
    if (CHANGES.has(word.toLowerCase())) continue;
    throw new EngineError('change-invalid', `${word.toUpperCase()} is not a valid change command`);
  }
  const { dockerfile, diagnostics } = parseDockerfile(['FROM scratch', ...changes].join('\n'));
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (!dockerfile || problem) {
    throw new EngineError('change-invalid', problem?.message ?? 'invalid change');
  }
  const name = platformName(platform);
  const scope = globalScope(dockerfile, new Map(), { build: name, target: name });
  const draft = draftFromImage(
    { ...platform, config: base, rootfs: { type: 'layers', diff_ids: [] }, history: [] },
    scope,
  );
  // BuildKit gives every image a PATH, this gives none.
  if (!(base.Env ?? []).some((pair) => pair.startsWith('PATH='))) draft.env.delete('PATH');
  for (const instruction of dockerfile.stages[0]?.instructions ?? []) {
    if (instruction.kind === 'workdir') {
      const below: string = draft.config.WorkingDir ?? '';
      const path = instruction.value;
      draft.config.WorkingDir = `/${rootedPath(path.startsWith('/') ? path : `${below}/${path}`)}`;
    } else applyConfig(draft, instruction);
  }
  return configOf(draft);
}
