import { manifestJsonSchema } from './schema.ts';

/** What a field of lab.yaml is for, as the schema describes it; undefined when it says nothing of it. */
export function describeField(path: readonly PropertyKey[]): string | undefined {
  let at: unknown = manifestJsonSchema();
  for (const step of path) at = below(at, step);
  const description = get(at, 'description');
  return typeof description === 'string' ? description : undefined;
}

function below(schema: unknown, step: PropertyKey): unknown {
  if (typeof step === 'number') return get(schema, 'items');
  return get(get(schema, 'properties'), step) ?? get(schema, 'additionalProperties');
}

function get(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
