import type { ContainerConfig, ImageConfig } from '../oci/image.ts';
import type { ConfigChange } from './model.ts';

/** Differences of two image configs, one per field, variable and label, in Docker's spelling. */
export function compareConfigs(from: ImageConfig, to: ImageConfig): readonly ConfigChange[] {
  const before = flatten(from);
  const after = flatten(to);
  const fields = [...new Set([...before.keys(), ...after.keys()])];
  return fields.flatMap((field) => {
    const [a, b] = [before.get(field), after.get(field)];
    if (a === b) return [];
    return [{ field, ...(a !== undefined && { from: a }), ...(b !== undefined && { to: b }) }];
  });
}

const WHOLE = [
  'User',
  'WorkingDir',
  'Entrypoint',
  'Cmd',
  'ExposedPorts',
  'Volumes',
  'StopSignal',
  'Healthcheck',
  'Shell',
  'OnBuild',
] as const satisfies readonly (keyof ContainerConfig)[];

function flatten({ architecture, os, variant, config }: ImageConfig): Map<string, string> {
  const fields = new Map<string, string>();
  fields.set('Platform', [os, architecture, variant].filter(Boolean).join('/'));
  for (const field of WHOLE) {
    const value = config[field];
    if (value === undefined || value === null || value === '') continue;
    fields.set(field, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const pair of config.Env ?? []) {
    const equals = pair.indexOf('=');
    fields.set(`Env.${pair.slice(0, equals)}`, pair.slice(equals + 1));
  }
  for (const [name, value] of Object.entries(config.Labels ?? {})) {
    fields.set(`Labels.${name}`, value);
  }
  return fields;
}
