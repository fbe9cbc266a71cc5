import { describe, expect, it } from 'vitest';
import { isModifier, keyAction, type KeyContext, type KeyPress, systemOf } from './keys.ts';

const press = (chord: string): KeyPress => {
  const parts = chord.split('+');
  return {
    key: parts.at(-1) ?? '',
    ctrlKey: parts.includes('Ctrl'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Cmd'),
  };
};

const act = (chord: string, context: Partial<KeyContext> = {}) =>
  keyAction(press(chord), {
    system: 'other',
    selected: false,
    fullScreen: false,
    afterEscape: false,
    ...context,
  });

describe('keys in the terminal', () => {
  it.each(['a', 'Enter', 'Tab', 'Escape', 'Ctrl+c', 'Ctrl+v', 'Ctrl+d', 'Alt+b', 'Shift+Tab'])(
    '%s is for the program',
    (chord) => {
      expect(act(chord)).toBe('send');
    },
  );

  it.each(['other', 'windows'] as const)('copy and paste with Ctrl+Shift: %s', (system) => {
    expect(act('Ctrl+Shift+C', { system })).toBe('copy');
    expect(act('Ctrl+Shift+V', { system })).toBe('paste');
    expect(act('Ctrl+Shift+F', { system })).toBe('find');
    expect(act('Ctrl+Insert', { system })).toBe('copy');
    expect(act('Shift+Insert', { system })).toBe('paste');
  });

  it('copy and paste with Cmd on a Mac, where Ctrl+C stays an interrupt', () => {
    const mac = { system: 'mac', selected: true } as const;
    expect(act('Cmd+c', mac)).toBe('copy');
    expect(act('Cmd+v', mac)).toBe('paste');
    expect(act('Cmd+f', mac)).toBe('find');
    expect(act('Ctrl+c', mac)).toBe('send');
  });

  it('Ctrl+C copies on Windows when something is selected, and only there', () => {
    expect(act('Ctrl+c', { system: 'windows', selected: true })).toBe('copy');
    expect(act('Ctrl+c', { system: 'windows' })).toBe('send');
    expect(act('Ctrl+c', { selected: true })).toBe('send');
  });

  it('Ctrl+V pastes on Windows, but belongs to vi where vi has the screen', () => {
    expect(act('Ctrl+v', { system: 'windows' })).toBe('paste');
    expect(act('Ctrl+v', { system: 'windows', fullScreen: true })).toBe('send');
  });

  it('Tab and Shift+Tab leave after Esc, and at no other time', () => {
    expect(act('Tab', { afterEscape: true })).toBe('leave');
    expect(act('Shift+Tab', { afterEscape: true })).toBe('leave');
    expect(act('Ctrl+Tab', { afterEscape: true })).toBe('send');
    expect(act('x', { afterEscape: true })).toBe('send');
  });

  it('knows keys that only go with others', () => {
    expect(['Shift', 'Control', 'Meta', 'a', 'Escape'].map((key) => isModifier({ key }))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the system', () => {
  it.each([
    ['MacIntel', 'mac'],
    ['macOS', 'mac'],
    ['iPhone', 'mac'],
    ['Win32', 'windows'],
    ['Windows', 'windows'],
    ['Chrome OS', 'windows'],
    ['Linux x86_64', 'other'],
    ['Android', 'other'],
    ['Darwin', 'other'],
    ['', 'other'],
  ] as const)('%s: %s', (platform, system) => {
    expect(systemOf(platform)).toBe(system);
  });
});
