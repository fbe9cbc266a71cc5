import { describe, expect, it } from 'vitest';
import { absoluteIn, type Links, placeOf } from './paths.ts';

describe('a path as typed in the guest', () => {
  it.each([
    ['/workspace', 'a', '/workspace/a'],
    ['/workspace', '.', '/workspace'],
    ['/workspace/a', '../b/', '/workspace/b'],
    ['/workspace', '/etc//./passwd', '/etc/passwd'],
    ['/', '../..', '/'],
    ['/workspace', '', '/workspace'],
  ])('in %s, %s is %s', (cwd, path, absolute) => {
    expect(absoluteIn(cwd, path)).toBe(absolute);
  });
});

describe('where a path leads', () => {
  const there: Readonly<Record<string, string | null>> = {
    ...{ file: null, dir: null, 'dir/file': null, link: 'dir', up: '..', out: '/etc' },
    ...{ 'dir/back': '../file', loop: 'loop', 'dir/root': '/workspace/file' },
  };
  const links: Links = { linkAt: (source) => there[source] };

  it.each([
    ['/workspace', { kind: 'workspace', source: '' }],
    ['/workspace/file', { kind: 'workspace', source: 'file' }],
    ['/workspace/link/file', { kind: 'workspace', source: 'dir/file' }],
    ['/workspace/link/back', { kind: 'workspace', source: 'file' }],
    ['/workspace/dir/root', { kind: 'workspace', source: 'file' }],
    ['/workspace/new/file', { kind: 'workspace', source: 'new/file' }],
    ['/workspace/up/etc/passwd', { kind: 'guest', path: '/etc/passwd' }],
    ['/workspace/out/passwd', { kind: 'guest', path: '/etc/passwd' }],
    ['/workspace/loop', { kind: 'guest', path: '/workspace/loop' }],
    ['/workspaces', { kind: 'guest', path: '/workspaces' }],
  ])('%s', (path, place) => {
    expect(placeOf(links, path)).toEqual(place);
  });
});
