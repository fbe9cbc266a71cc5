import { EngineError } from '../errors.ts';

/** Where `--output` sends the result. `dest` of `-` is standard output. */
export type OutputSpec =
  | { readonly type: 'local' | 'tar' | 'oci'; readonly dest: string }
  /** Without `dest` it goes into the image store. */
  | { readonly type: 'docker' | 'image'; readonly dest?: string };

/** One value of `-o`: `folder`, `-`, or `type=tar,dest=out.tar`. Errors: `output-invalid`, `output-unsupported`. */
export function parseOutput(text: string): OutputSpec {
  if (text === '-') return { type: 'tar', dest: '-' };
  if (text === '') throw invalid('an output needs a destination');
  if (!text.includes('=')) return { type: 'local', dest: text };
  const fields = new Map(
    text.split(',').map((field): [string, string] => {
      const at = field.indexOf('=');
      if (at < 0) throw invalid(`invalid value ${field}`);
      return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()];
    }),
  );
  const type = fields.get('type') ?? '';
  const dest = ['dest', 'destination', 'out']
    .map((name) => fields.get(name))
    .find((value) => value !== undefined && value !== '');
  if (type === '') throw invalid('type is required for output');
  if (type === 'registry' || fields.get('push') === 'true') {
    throw new EngineError('output-unsupported', 'there is no registry to push the image to', {
      hint: 'Write a file with -o type=oci,dest=image.tar.',
    });
  }
  switch (type) {
    case 'local':
      if (dest === undefined) throw invalid('dest is required for local exporter');
      return { type, dest };
    case 'tar':
    case 'oci':
      // Docker writes to standard output without a destination.
      return { type, dest: dest ?? '-' };
    case 'docker':
      return dest === undefined ? { type } : { type, dest };
    case 'image':
      return { type };
    default:
      throw new EngineError(
        'output-unsupported',
        `output type ${JSON.stringify(type)} is not known`,
        {
          hint: 'Known are local, tar, oci, docker and image.',
        },
      );
  }
}

function invalid(message: string): EngineError {
  return new EngineError('output-invalid', message, {
    hint: 'Write -o FOLDER, or -o type=local|tar|oci|docker|image,dest=PATH.',
  });
}
