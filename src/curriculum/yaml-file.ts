import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ContentError, type Fault } from './faults.ts';

/**
 * Text that is YAML, as `schema` has it; `file` and `firstLine` are for messages. Throws ContentError
 * with a fault for each thing that is wrong, at its line.
 */
export function parseYaml<T extends z.ZodType>(
  schema: T,
  text: string,
  { file, firstLine = 1 }: { readonly file: string; readonly firstLine?: number },
): z.infer<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number): number => lines.linePos(offset).line + firstLine - 1;
  const broken = document.errors.map(({ pos, message }): Fault => ({
    ...{ file, line: lineAt(pos[0]) },
    why: message.split('\n')[0]?.replace(/:$/, '') ?? 'is not YAML',
  }));
  if (broken.length > 0) throw new ContentError(broken);
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new ContentError(
    parsed.error.issues.map(({ path, message }): Fault => {
      const offset = offsetOf(document, path);
      const field = path.map(String).join('.');
      const why = `${field === '' ? '' : `\`${field}\`: `}${message.replace(/^Invalid input: /, '')}`;
      return { file, line: offset === undefined ? firstLine : lineAt(offset), why };
    }),
  );
}

/** Of the deepest thing there is on the way: what is missing has no place of its own. */
function offsetOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (hasRange(node)) return node.range[0];
  }
  return undefined;
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
