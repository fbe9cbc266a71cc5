import { parseArgs } from 'node:util';
import type { Output } from './output.ts';

export interface ImageArguments {
  readonly images: readonly string[];
  readonly json: boolean;
  readonly all: boolean;
}

/** Arguments of the commands that look at images. A number is the exit code: what there was to say has been said. */
export function parseImageArguments(
  command: string,
  args: readonly string[],
  expected: { readonly images: number; readonly help: string },
  { stdout, stderr }: Output,
): ImageArguments | number {
  const wrong = (why: string): number => {
    stderr.write(`semdistro ${command}: ${why}\nSee \`semdistro ${command} --help\`.\n`);
    return 2;
  };
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        all: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Only the first sentence: the rest explains Node's own rules.
    return wrong(error instanceof Error ? (error.message.split('.')[0] ?? '') : 'bad arguments');
  }
  const { values, positionals } = parsed;
  if (values.help) {
    stdout.write(expected.help);
    return 0;
  }
  if (positionals.length !== expected.images) {
    return wrong(
      `needs ${expected.images} image${expected.images === 1 ? '' : 's'}, got ${positionals.length}`,
    );
  }
  return { images: positionals, json: values.json ?? false, all: values.all ?? false };
}
