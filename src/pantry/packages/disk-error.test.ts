import { expect, it } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import { diskError } from './disk-error.ts';

it.each([
  ['ENOSPC', 'packages-disk', 'no space left on the disk of /x'],
  ['EACCES', 'packages-permission', 'cannot write to /x'],
  ['EROFS', 'packages-permission', 'cannot write to /x'],
  ['ENOTDIR', 'packages-path', 'something else is in the place of /x'],
  ['EEXIST', 'packages-path', 'something else is in the place of /x'],
])('%s is %s', (errno, code, message) => {
  const said = diskError(Object.assign(new Error(errno), { code: errno }), '/x');
  expect(said).toBeInstanceOf(EngineError);
  expect(said).toMatchObject({ code, message });
});

it('anything else comes back as it is', () => {
  const bug = new TypeError('a bug');
  expect(diskError(bug, '/x')).toBe(bug);
});
