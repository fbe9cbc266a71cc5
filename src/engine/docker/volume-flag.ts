import { cleanGoPath } from '../dockerfile/glob.ts';
import { invalid } from '../containers/check-request.ts';
import { usageError } from './usage-error.ts';

/** A `-v`, understood. Without a source it is an anonymous volume. */
export interface VolumeFlag {
  /** A path when it begins with a slash or a dot, else a volume's name. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
}

/** Groups of modes of which one may have one each. */
const MODES: readonly (readonly string[])[] = [
  ['ro', 'rw'],
  ['z', 'Z'],
  ['nocopy'],
  ['shared', 'slave', 'private', 'rshared', 'rslave', 'rprivate'],
  ['consistent', 'cached', 'delegated', 'default'],
];

/** `name:/path:ro`, `./here:/path`, `/path`. Errors, as Docker words them: `usage`, `container-invalid`. */
export function parseVolumeFlag(text: string): VolumeFlag {
  if (text === '') throw usageError('invalid empty volume spec', 125);
  const parts = text.split(':');
  if (parts.includes('')) {
    throw usageError(`invalid spec: ${text}: empty section between colons`, 125);
  }
  if (parts.length > 3) throw invalid(`invalid volume specification: '${text}'`);
  const [first = '', second, modes = ''] = parts;
  if (second === undefined) {
    return { target: target(text, 'volume', first), readOnly: false, noCopy: false };
  }
  const options = modes === '' ? [] : modes.split(',');
  if (!areModes(options)) throw invalid(`invalid mode: ${modes}`);
  const type = /^[./]/.test(first) ? 'bind' : 'volume';
  return {
    source: first,
    target: target(text, type, second),
    readOnly: options.includes('ro'),
    noCopy: options.includes('nocopy'),
  };
}

function target(text: string, type: string, path: string): string {
  const wrong = (why: string): Error =>
    invalid(
      `invalid volume specification: '${text}': invalid mount config for type "${type}": ${why}`,
    );
  if (!path.startsWith('/')) {
    throw wrong(`invalid mount path: '${path}' mount path must be absolute`);
  }
  const clean = cleanGoPath(path);
  if (clean === '/') throw wrong("invalid specification: destination can't be '/'");
  return clean;
}

function areModes(options: readonly string[]): boolean {
  const groups = options.map((option) => MODES.findIndex((group) => group.includes(option)));
  return !groups.includes(-1) && new Set(groups).size === groups.length;
}
