/** What decides about keys: macOS has a key of its own for its commands, Windows has none for a terminal's. */
export type System = 'mac' | 'windows' | 'other';

/** The part of a `KeyboardEvent` that counts here. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * `send`: for the program in the terminal. `paste` and `leave` are left to the browser, which pastes
 * and moves the focus without asking anybody's permission; the rest is done here.
 */
export type KeyAction = 'send' | 'copy' | 'paste' | 'find' | 'leave';

export interface KeyContext {
  readonly system: System;
  /** Something is selected in the terminal. */
  readonly selected: boolean;
  /** A program has the whole screen: vi, less. */
  readonly fullScreen: boolean;
  /** The key before this one was Esc. */
  readonly afterEscape: boolean;
}

/** What a key does in the terminal. */
export function keyAction(press: KeyPress, context: KeyContext): KeyAction {
  if (press.key === 'Tab' && context.afterEscape && !chord(press)) return 'leave';
  const key = press.key.toLowerCase();
  if (context.system === 'mac' && press.metaKey) return macCommand(key);
  if (!press.ctrlKey || press.altKey || press.metaKey) {
    return press.shiftKey && key === 'insert' && !press.altKey ? 'paste' : 'send';
  }
  if (key === 'insert') return 'copy';
  if (press.shiftKey) return key === 'c' ? 'copy' : key === 'v' ? 'paste' : findOr(key);
  if (context.system !== 'windows') return 'send';
  // As Windows' own terminal: Ctrl+C interrupts unless something is selected, and vi keeps Ctrl+V.
  if (key === 'c' && context.selected) return 'copy';
  return key === 'v' && !context.fullScreen ? 'paste' : 'send';
}

/** Whether the key itself is only half of a chord: Esc, Shift, Tab is Esc and Shift+Tab. */
export function isModifier({ key }: Pick<KeyPress, 'key'>): boolean {
  return ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock'].includes(key);
}

/** From what the browser says of itself: `Linux x86_64`, `macOS`, `Win32`. */
export function systemOf(platform: string): System {
  if (/mac|iphone|ipad|ipod/i.test(platform)) return 'mac';
  return /^win|chrome ?os|cros/i.test(platform) ? 'windows' : 'other';
}

function chord({ ctrlKey, altKey, metaKey }: KeyPress): boolean {
  return ctrlKey || altKey || metaKey;
}

function macCommand(key: string): KeyAction {
  return key === 'c' ? 'copy' : key === 'v' ? 'paste' : findOr(key);
}

function findOr(key: string): KeyAction {
  return key === 'f' ? 'find' : 'send';
}
