import type { FlagDefinition } from './command.ts';

const TEMPLATE = `'json':             Print in JSON format
'TEMPLATE':         Print output using the given Go template.
Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates`;

/** `--format` of a list. */
export const LIST_FORMAT: FlagDefinition = {
  name: 'format',
  kind: 'string',
  value: 'string',
  help: `Format output using a custom template:
'table':            Print output in table format with column headers (default)
'table TEMPLATE':   Print output in table format using the given Go template
${TEMPLATE}`,
};

/** `--format` of one thing. */
export const OBJECT_FORMAT: FlagDefinition = {
  name: 'format',
  short: 'f',
  kind: 'string',
  value: 'string',
  help: `Format output using a custom template:\n${TEMPLATE}`,
};

export const NO_TRUNC: FlagDefinition = {
  name: 'no-trunc',
  kind: 'bool',
  help: "Don't truncate output",
};

export const PLATFORM: FlagDefinition = {
  name: 'platform',
  kind: 'string',
  value: 'string',
  help: 'Set platform if server is multi-platform capable',
};

/** Docker refuses a filter without `=` before it asks anybody. */
export function filterFlag(short: string | undefined, help: string): FlagDefinition {
  return {
    name: 'filter',
    ...(short !== undefined && { short }),
    kind: 'list',
    value: 'filter',
    help,
    check: (value) =>
      value === '' || value.includes('=')
        ? undefined
        : 'bad format of filter (expected name=value)',
  };
}
