import { describe, expect, it } from 'vitest';
import { aptError, isLocked, reasonWithoutHosts, startError } from './apt-errors.ts';
import type { RunResult } from './run.ts';

const failed = (stderr: string): RunResult => ({ code: 100, stdout: '', stderr });

describe('aptError', () => {
  it.each([
    ['packages-disk', 'E: Write error - write (28: No space left on device)'],
    ['packages-disk', "E: You don't have enough free space in /var/cache/apt/archives/."],
    [
      'packages-permission',
      'E: List directory /x/lists/partial is missing. - Acquire (13: Permission denied)',
    ],
    [
      'packages-network',
      "E: Failed to fetch http://m.example/x  Temporary failure resolving 'm.example'",
    ],
    [
      'packages-network',
      'E: Failed to fetch http://m.example/x  Could not connect to m.example:80 (192.0.2.1). - connect (111: Connection refused)',
    ],
    ['packages-busy', 'E: Could not get lock /x/lists/lock. It is held by process 12 (apt-get)'],
    ['packages-untrusted', "E: The repository 'http://m.example trixie InRelease' is not signed."],
    [
      'packages-untrusted',
      'W: GPG error: http://m.example trixie InRelease: NO_PUBKEY 0123456789ABCDEF\nE: It failed',
    ],
    [
      'packages-untrusted',
      'E: Release file for http://m.example/InRelease is expired (invalid since 3d).',
    ],
    ['packages-untrusted', 'E: Release file for http://m.example/InRelease is not valid yet'],
    ['packages-failed', 'E: Something else'],
  ])('is %s for %s', (code, stderr) => {
    const error = aptError('cannot read', failed(stderr));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^cannot read: (?![EW]: )/);
    expect(error.hint === undefined).toBe(code === 'packages-failed');
  });

  it('is not about a word in an address', () => {
    expect(aptError('x', failed('E: Failed to fetch file:/signed/resolving  Not found')).code).toBe(
      'packages-failed',
    );
  });

  it('tells the exit code when apt said nothing', () => {
    expect(aptError('x', failed('')).message).toBe('x: apt ended with exit code 100');
  });
});

describe('isLocked', () => {
  it.each([
    [true, failed('E: Could not get lock /x/lists/lock')],
    [true, failed('E: Unable to lock directory /x/lists/')],
    [false, failed('E: Something else')],
    [false, { code: 0, stdout: '', stderr: 'Could not get lock' }],
  ])('is %s', (expected, result) => {
    expect(isLocked(result)).toBe(expected);
  });
});

describe('reasonWithoutHosts', () => {
  it.each([
    [
      'E: Failed to fetch http://m.example/debian/dists/x/Packages.xz  File has unexpected size (720 != 1108). Mirror sync in progress? [IP: 192.0.2.1 80]\n   Hashes',
      'File has unexpected size (720 != 1108). Mirror sync in progress?',
    ],
    [
      "E: Failed to fetch http://m.example/x  Temporary failure resolving 'm.example'",
      'Temporary failure resolving its address',
    ],
    [
      'E: Failed to fetch http://m.example/x  Could not connect to m.example:80 (192.0.2.1), connection timed out',
      'Could not connect to the mirror, connection timed out',
    ],
    [
      "E: The repository 'http://m.example trixie InRelease' is not signed.",
      "The repository 'trixie InRelease' is not signed.",
    ],
  ])('of %s', (stderr, reason) => {
    expect(reasonWithoutHosts(failed(stderr))).toBe(reason);
  });
});

describe('startError', () => {
  it('is about apt when there is no such program, and nothing else otherwise', () => {
    const absent = Object.assign(new Error('spawn apt-get ENOENT'), { code: 'ENOENT' });
    expect(startError(absent)).toMatchObject({ code: 'packages-unavailable' });
    const other = new Error('other');
    expect(startError(other)).toBe(other);
  });
});
