import { partsOf, type CheckContext, type CheckRule, type Finding } from './check.ts';
import {
  copyIgnoredFile,
  duplicateStageName,
  fromPlatformFlagConstDisallowed,
  invalidDefaultArgInFrom,
  jsonArgsRecommended,
  multipleInstructionsDisallowed,
  redundantTargetPlatform,
  reservedStageName,
  secretsUsedInArgOrEnv,
  workdirRelativePath,
} from './check-meaning.ts';
import { checkPages, type CheckPage } from './check-pages.ts';
import {
  consistentInstructionCasing,
  exposeInvalidFormat,
  exposeProtoCasing,
  fromAsCasing,
  invalidDefinitionDescription,
  legacyKeyValueFormat,
  maintainerDeprecated,
  noEmptyContinuation,
  stageNameCasing,
} from './check-style.ts';
import { undefinedArgInFrom, undefinedVar } from './check-variables.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Dockerfile } from './instructions.ts';

/** A build check: Docker's name for it, what it looks for, and a page that explains it. */
export interface Check extends CheckPage {
  readonly name: string;
  readonly experimental: boolean;
  readonly find: (context: CheckContext) => Iterable<Finding>;
}

const RULES: readonly CheckRule[] = [
  stageNameCasing,
  fromAsCasing,
  noEmptyContinuation,
  consistentInstructionCasing,
  duplicateStageName,
  reservedStageName,
  jsonArgsRecommended,
  maintainerDeprecated,
  undefinedArgInFrom,
  workdirRelativePath,
  undefinedVar,
  multipleInstructionsDisallowed,
  legacyKeyValueFormat,
  redundantTargetPlatform,
  secretsUsedInArgOrEnv,
  invalidDefaultArgInFrom,
  fromPlatformFlagConstDisallowed,
  copyIgnoredFile,
  invalidDefinitionDescription,
  exposeProtoCasing,
  exposeInvalidFormat,
];

/** All checks, in the order of Docker's own reference. */
export const checks: readonly Check[] = RULES.map((rule) => {
  const page = checkPages.get(rule.name);
  if (!page) throw new Error(`no page about the check ${rule.name}`);
  const { name, experimental = false } = rule;
  return { ...page, name, experimental, find: (context) => rule.find(context) };
});

/** What a build knows beside the Dockerfile; with less, less is found, and nothing wrongly. */
export type CheckOptions = Partial<Omit<CheckContext, 'dockerfile' | 'parts'>>;

/**
 * Runs the checks the file does not skip (`# check=skip=…`). Findings are warnings, or errors when
 * the file says `# check=error=true`, with the check's name as code, in the order of lines.
 */
export function checkDockerfile(
  dockerfile: Dockerfile,
  options: CheckOptions = {},
): readonly Diagnostic[] {
  const { skip = [], experimental = [], error = false } = dockerfile.directives.check ?? {};
  const context: CheckContext = {
    buildArgs: new Map(),
    platforms: { build: 'linux/386', target: 'linux/386' },
    imageEnv: () => undefined,
    isIgnored: () => false,
    ...options,
    dockerfile,
    parts: partsOf(dockerfile),
  };
  const has = (names: readonly string[], name: string) =>
    names.includes('all') || names.includes(name.toLowerCase());
  const wanted = checks.filter((check) =>
    check.experimental ? has(experimental, check.name) : !has(skip, check.name),
  );
  const diagnostics = wanted.flatMap((check) =>
    Array.from(check.find(context), ({ message, range, hint = check.advice }): Diagnostic => {
      return { severity: error ? 'error' : 'warning', code: check.name, message, hint, range };
    }),
  );
  return diagnostics.sort((a, b) => a.range.start.line - b.range.start.line);
}
