import { classHighlighter, highlightTree } from '@lezer/highlight';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../engine/dockerfile/parse.ts';
import { dockerfileLanguage } from './dockerfile-language.ts';
import { INSTRUCTIONS } from './instructions.ts';

/** `text` pieces with their colours' names, as `word:keyword`. */
function coloured(text: string): readonly string[] {
  const pieces: string[] = [];
  highlightTree(dockerfileLanguage.parser.parse(text), classHighlighter, (from, to, classes) => {
    pieces.push(`${text.slice(from, to)}:${classes.replaceAll('tok-', '')}`);
  });
  return pieces;
}

describe('a Dockerfile in colour', () => {
  it('shows instructions, images and stages', () => {
    expect(coloured('FROM golang:1.24 AS build')).toEqual([
      ...['FROM:keyword', 'golang:1.24:className', 'AS:keyword', 'build:labelName'],
    ]);
    expect(coloured('from scratch')[0]).toBe('from:keyword');
    expect(coloured('FROOM scratch')[0]).toBe('FROOM:invalid');
  });

  it('shows flags, variables, strings and numbers', () => {
    expect(coloured('COPY --from=build $A ${B} /c')).toEqual([
      ...['COPY:keyword', '--from:propertyName', '$A:variableName2', '${B}:variableName2'],
    ]);
    expect(coloured('CMD ["/a", "b"]')).toEqual(['CMD:keyword', '"/a":string', '"b":string']);
    expect(coloured('EXPOSE 80/tcp')).toEqual(['EXPOSE:keyword', '80/tcp:number']);
    expect(coloured('ENV A=1 B=2').filter((piece) => piece.endsWith('propertyName'))).toEqual([
      ...['A:propertyName', 'B:propertyName'],
    ]);
  });

  it('goes on where a line is continued, past comments', () => {
    const pieces = coloured('RUN a && \\\n  # why\n  FROM b\nFROM c');
    expect(pieces.filter((piece) => piece.startsWith('FROM'))).toEqual(['FROM:keyword']);
    expect(pieces).toContain('  # why:comment');
  });

  it('knows the other escape character', () => {
    const pieces = coloured('# escape=`\nFROM a\nRUN b `\n  FROM c');
    expect(pieces[0]).toBe('# escape=`:meta');
    expect(pieces.filter((piece) => piece.startsWith('FROM'))).toHaveLength(1);
  });

  it('reads here-documents to their end', () => {
    const pieces = coloured('RUN <<EOF\nFROM x\nEOF\nFROM y');
    expect(pieces).toEqual([
      ...['RUN:keyword', '<<EOF:labelName', 'FROM x:string', 'EOF:labelName'],
      ...['FROM:keyword', 'y:className'],
    ]);
    expect(coloured('COPY <<-A <<"B" /x\n1\n\tA\n2\nB\nUSER z')).toContain('USER:keyword');
  });

  it('sees the instruction behind ONBUILD and HEALTHCHECK', () => {
    expect(coloured('ONBUILD RUN a').slice(0, 2)).toEqual(['ONBUILD:keyword', 'RUN:keyword']);
    expect(coloured('HEALTHCHECK --retries=1 CMD a')).toContain('CMD:keyword');
    expect(coloured('HEALTHCHECK NONE')).toContain('NONE:keyword');
  });

  it('knows the instructions that the engine knows', () => {
    for (const name of INSTRUCTIONS.keys()) {
      const codes = parseDockerfile(`FROM scratch\n${name} x\n`).diagnostics.map(
        ({ code }) => code,
      );
      expect(codes, name).not.toContain('unknown-instruction');
    }
    expect(INSTRUCTIONS.size).toBe(18);
  });

  it.each([...INSTRUCTIONS].flatMap(([name, { flags }]) => flags.map((flag) => [name, flag])))(
    '%s knows %s, as the engine does',
    (name, flag = '') => {
      const line = `${name} ${flag}x x x`.replace(
        /(--link|--parents|--unpack|--keep-git-dir)x/,
        '$1',
      );
      const codes = parseDockerfile(`FROM scratch\n${line}\n`).diagnostics.map(({ code }) => code);
      expect(codes).not.toContain('unknown-flag');
    },
  );
});
