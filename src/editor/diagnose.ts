import { checkDockerfile } from '../engine/dockerfile/checks.ts';
import type { Diagnostic } from '../engine/dockerfile/diagnostic.ts';
import { parseDockerignore } from '../engine/dockerfile/ignore.ts';
import type { Dockerfile } from '../engine/dockerfile/instructions.ts';
import { LocatedError } from '../engine/dockerfile/located-error.ts';
import { parseDockerfile } from '../engine/dockerfile/parse.ts';
import { globalScope } from '../engine/dockerfile/scopes.ts';
import { planStages } from '../engine/dockerfile/stages.ts';
import { EngineError } from '../engine/errors.ts';

/** What the machine in the page builds for. */
const PLATFORMS = { build: 'linux/386', target: 'linux/386' };

/**
 * All that the engine has against a Dockerfile before it is built: what it cannot read, stages it
 * cannot find, then the build checks. `ignore` is the text of .dockerignore.
 */
export function diagnose(text: string, ignore?: string): readonly Diagnostic[] {
  // An empty file is not a mistake yet.
  if (text.trim() === '') return [];
  const { dockerfile, diagnostics } = parseDockerfile(text);
  if (!dockerfile) return diagnostics;
  return [...unplanned(dockerfile), ...checkDockerfile(dockerfile, { isIgnored: rulesOf(ignore) })];
}

/** Whether a path names a file that the engine reads as a Dockerfile. */
export function isDockerfile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.(?:[Dd]ockerfile|[Cc]ontainerfile)$/.test(name);
}

function unplanned(dockerfile: Dockerfile): readonly Diagnostic[] {
  try {
    planStages(dockerfile, globalScope(dockerfile, new Map(), PLATFORMS));
    return [];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { code, message, hint = '' } = error;
    const start = { line: 0, column: 0 };
    const range = error instanceof LocatedError ? error.range : { start, end: start };
    return [{ severity: 'error', code, message, hint, range }];
  }
}

function rulesOf(ignore: string | undefined): (path: string) => boolean {
  if (ignore === undefined) return () => false;
  try {
    const rules = parseDockerignore(ignore);
    return (path) => rules.verdict(path) === 'drop';
  } catch (error) {
    if (error instanceof EngineError) return () => false;
    throw error;
  }
}
