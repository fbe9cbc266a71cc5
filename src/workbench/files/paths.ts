import { utf8 } from '../../engine/bytes.ts';
import { WorkbenchFailure } from '../failure.ts';

/** Longest name in a folder, in bytes, as Linux has it. */
const LONGEST = 255;

/** The names on the way to a file of the workspace. Throws `path-invalid`. */
export function namesOf(path: string): readonly string[] {
  const names = path.split('/');
  for (const name of names) {
    const bad = name === '' || name === '.' || name === '..' || name.includes('\0');
    if (bad || utf8(name).length > LONGEST) {
      throw new WorkbenchFailure('path-invalid', `${JSON.stringify(path)} cannot be a path`);
    }
  }
  return names;
}
