import { describe, expect, it } from 'vitest';
import { placesOf, shortCommand } from './evidence.ts';
import { wordsOf } from './words/index.ts';

const layer = { index: 2, diffId: 'sha256:abc', createdBy: 'COPY  /out/app /app' };

describe('the places of a finding', () => {
  it('are a line to open, a layer to show, and a path in the image', () => {
    const where = { source: { file: 'Dockerfile', line: 7 }, layer, path: '/app' };
    expect(placesOf(where, wordsOf['pt-BR'])).toEqual([
      { kind: 'line', text: 'Dockerfile, linha 7', file: 'Dockerfile', line: 7 },
      { kind: 'layer', text: 'camada 3 (COPY /out/app /app)', diffId: 'sha256:abc' },
      { kind: 'path', text: '/app na imagem', path: '/app', diffId: 'sha256:abc' },
    ]);
  });

  it('are a file without a line where none is known', () => {
    expect(placesOf({ source: { file: 'go.mod' } }, wordsOf.en)).toEqual([
      { kind: 'line', text: 'go.mod', file: 'go.mod' },
    ]);
  });

  it('are none when nothing is known', () => {
    expect(placesOf({}, wordsOf.en)).toEqual([]);
  });

  it('have commands on one line, and not pages of them', () => {
    expect(shortCommand('RUN a \\\n  && b')).toBe('RUN a \\ && b');
    expect(shortCommand('x'.repeat(80))).toHaveLength(60);
  });
});
