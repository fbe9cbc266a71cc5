import { composeInvalid } from './error.ts';
import type { ComposeFile, Condition, Service } from './model.ts';

/** The services that one needs to be there first, and how they have to be. */
export function needsOf({
  dependsOn,
  networkMode,
  pidMode,
}: Service): ReadonlyMap<string, Condition> {
  const shared = [networkMode, pidMode].flatMap((mode) => {
    const [, name] = /^service:(.*)$/.exec(mode ?? '') ?? [];
    return name === undefined ? [] : [[name, 'service_started'] as const];
  });
  return new Map([...shared, ...dependsOn]);
}

/**
 * Services in the order they are started: those that are wanted, or all, with all they need before
 * them. Errors: `compose-invalid` of a circle, or of one that there is none of.
 */
export function startOrder(
  { services }: ComposeFile,
  wanted: readonly string[] = [],
): readonly Service[] {
  const ordered = new Map<string, Service>();
  const visit = (name: string, path: readonly string[]): void => {
    if (ordered.has(name)) return;
    const service = services.get(name);
    if (!service) throw composeInvalid(`no such service: ${name}`);
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' -> ');
      throw composeInvalid(`dependency cycle detected: ${circle}`);
    }
    for (const need of needsOf(service).keys()) visit(need, [...path, name]);
    ordered.set(name, service);
  };
  for (const name of wanted.length > 0 ? wanted : services.keys()) visit(name, []);
  return [...ordered.values()];
}
