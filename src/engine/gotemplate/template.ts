import { execute } from './execute.ts';
import { FUNCTIONS, HEADER_FUNCTIONS, type TemplateFunction } from './functions.ts';
import { parse } from './parse.ts';
import type { GoValue } from './value.ts';

/** A parsed Go template with Docker's functions. Rendering it twice gives the same text. */
export interface Template {
  /** Errors: EngineError `template-failed` with Go's message. */
  render(data: GoValue, options?: RenderOptions): string;
}

export interface RenderOptions {
  /** Fail where a map lacks a key, as Go's `missingkey=error`. */
  readonly strictKeys?: boolean;
  /** Values are the titles of a table: functions leave them as they are. */
  readonly header?: boolean;
  /** Receives the output as it comes, so that what precedes an error is not lost. */
  readonly write?: (text: string) => void;
}

const HEADERS: ReadonlyMap<string, TemplateFunction> = new Map([...FUNCTIONS, ...HEADER_FUNCTIONS]);

/**
 * Parses a template; `name` is what its error messages call it. Never evaluates code: everything a
 * template can do is in `functions.ts`. Errors: EngineError `template-invalid` with Go's message.
 */
export function parseTemplate(text: string, name = ''): Template {
  const nodes = parse(name, text, (word) => FUNCTIONS.has(word) || word === 'and' || word === 'or');
  return {
    render(data, { strictKeys = false, header = false, write } = {}) {
      let output = '';
      execute(
        {
          name,
          text,
          nodes,
          functions: header ? HEADERS : FUNCTIONS,
          strictKeys,
          write: (piece) => {
            output += piece;
            write?.(piece);
          },
        },
        data,
      );
      return output;
    },
  };
}
