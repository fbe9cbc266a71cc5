import { describe, expect, it } from 'vitest';
import { diagnose, isDockerfile } from './diagnose.ts';

const codes = (text: string, ignore?: string): readonly string[] =>
  diagnose(text, ignore).map(({ code }) => code);

describe('what the editor says about a Dockerfile', () => {
  it('nothing about a good one, or one not begun', () => {
    expect(codes('FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n')).toEqual([]);
    expect(codes('')).toEqual([]);
    expect(codes(' \n\n')).toEqual([]);
  });

  it('what the parser cannot read, where it stands', () => {
    expect(diagnose('FROM scratch\nCOPPY a b\n')).toMatchObject([
      { code: 'unknown-instruction', severity: 'error', range: { start: { line: 1 } } },
    ]);
  });

  it('stages that are not there yet', () => {
    const text = 'FROM scratch\nCOPY --from=build /a /a\nFROM scratch AS build\n';
    expect(codes(`${text}COPY --from=0 /a /b\n`)).toContain('circular-stages');
    expect(diagnose('FROM scratch AS a\nCOPY --from=b /x /x\nFROM a AS b\n')).toMatchObject([
      { severity: 'error', range: { start: { line: 2 } } },
    ]);
  });

  it('the build checks, as warnings', () => {
    expect(diagnose('FROM scratch\nENTRYPOINT /app\n')).toMatchObject([
      { code: 'JSONArgsRecommended', severity: 'warning', range: { start: { line: 1 } } },
    ]);
  });

  it('files that .dockerignore keeps out', () => {
    const text = 'FROM scratch\nCOPY dist /app\n';
    expect(codes(text)).toEqual([]);
    expect(codes(text, 'dist\n')).toEqual(['CopyIgnoredFile']);
    expect(codes(text, '[')).toEqual([]);
  });

  it.each([
    ['Dockerfile', true],
    ['python/Dockerfile', true],
    ['Dockerfile.dev', true],
    ['api.Dockerfile', true],
    ['Containerfile', true],
    ['Dockerfiles/notes.txt', false],
    ['Dockerfile_old', false],
    ['.dockerignore', false],
  ])('%s is one: %s', (path, is) => {
    expect(isDockerfile(path)).toBe(is);
  });
});
