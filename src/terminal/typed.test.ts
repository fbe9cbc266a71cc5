import { describe, expect, it } from 'vitest';
import { isHalfTyped, typed } from './typed.ts';

const idle = { halfTyped: false, bracketedPaste: true };

describe('typing a command', () => {
  it('types it and Enter', () => {
    expect(typed('docker ps', idle)).toBe('docker ps\r');
    expect(typed('docker ps\n', idle)).toBe('docker ps\r');
  });

  it('clears what is half typed on the line', () => {
    expect(typed('docker ps', { ...idle, halfTyped: true })).toBe('\u0015docker ps\r');
  });

  it('pastes several lines at once where the shell knows pastes, else types them', () => {
    const lines = 'cat >a <<EOF\nhello\nEOF\n';
    expect(typed(lines, idle)).toBe('\u001b[200~cat >a <<EOF\rhello\rEOF\u001b[201~\r');
    expect(typed(lines, { ...idle, bracketedPaste: false })).toBe('cat >a <<EOF\rhello\rEOF\r');
  });
});

describe('a half-typed line', () => {
  const after = (...keys: readonly string[]): boolean =>
    keys.reduce((before, key) => isHalfTyped(before, key), false);

  it.each([
    [['l', 's'], true],
    [['l', 's', '\r'], false],
    [['l', '\u0003'], false],
    [['l', '\u0015'], false],
    [['ls\rpwd'], true],
    [['l', '', ''], true],
    [[], false],
  ])('%j: %s', (keys, half) => {
    expect(after(...keys)).toBe(half);
  });
});
