import { describe, expect, it } from 'vitest';
import type { TerminalOptions, TerminalSession } from '../workbench/port.ts';
import { shellOf } from './shell.ts';
import { wordsIn } from './words.ts';

/** A screen that keeps what is written, and shells that keep what is typed. */
function stage(open?: (options: TerminalOptions) => Promise<TerminalSession>) {
  const seen: string[] = [];
  const shells: { readonly options: TerminalOptions; readonly did: string[] }[] = [];
  const terminal = {
    cols: 80,
    rows: 24,
    buffer: { active: { type: 'normal' as 'normal' | 'alternate' } },
    write(data: string | Uint8Array, done?: () => void) {
      seen.push(typeof data === 'string' ? data : new TextDecoder().decode(data));
      done?.();
    },
  };
  const session = async (options: TerminalOptions): Promise<TerminalSession> => {
    const did: string[] = [];
    shells.push({ options, did });
    return {
      write: (data) => void did.push(data),
      resize: (columns, rows) => void did.push(`${columns}x${rows}`),
      close: () => void did.push('close'),
    };
  };
  const shell = shellOf({ terminal, open: open ?? session, words: wordsIn('en') });
  const say = (text: string): void =>
    shells.at(-1)?.options.onOutput(new TextEncoder().encode(text));
  return { shell, terminal, shells, say, screen: () => seen.join('') };
}

describe('the shell of a terminal', () => {
  it('starts as large as the screen, and is told when it changes', async () => {
    const { shell, shells } = stage();
    await shell.start();
    shell.resize(100, 30);
    expect(shells[0]?.options).toMatchObject({ columns: 80, rows: 24 });
    expect(shells[0]?.did).toEqual(['100x30']);
  });

  it('gets what was typed before it was there, and the size that came meanwhile', async () => {
    const { shell, shells, terminal } = stage();
    const started = shell.start();
    shell.write('l');
    shell.write('s\r');
    terminal.cols = 90;
    await started;
    expect(shells[0]?.did).toEqual(['90x24', 'ls\r']);
  });

  it('says how it ended, and starts another one at Enter', async () => {
    const { shell, shells, screen } = stage();
    await shell.start();
    shells[0]?.options.onExit(3);
    expect(screen()).toContain('ended (code 3)');
    shell.write('x');
    expect(shells).toHaveLength(1);
    shell.write('\r');
    expect(shells).toHaveLength(2);
  });

  it('leaves the whole screen of a program that was killed', async () => {
    const { shell, shells, screen, terminal } = stage();
    await shell.start();
    terminal.buffer.active.type = 'alternate';
    shells[0]?.options.onExit(137);
    expect(screen().startsWith('\u001b[?1049l')).toBe(true);
  });

  it('says why none started, and tries again at Enter', async () => {
    let tries = 0;
    const { shell, screen } = stage(async () => {
      tries++;
      throw new Error('no machine');
    });
    await shell.start();
    expect(screen()).toContain('did not open: no machine');
    expect(await shell.ready()).toBe(false);
    expect(tries).toBe(2);
  });

  it('is ready when it has printed its prompt', async () => {
    const { shell, say } = stage();
    const ready = shell.ready();
    await Promise.resolve();
    say('$ ');
    expect(await ready).toBe(true);
  });

  it('shows nothing more of a shell that has ended', async () => {
    const { shell, shells, screen } = stage();
    await shell.start();
    shells[0]?.options.onExit(0);
    shells[0]?.options.onOutput(new TextEncoder().encode('ghost'));
    shells[0]?.options.onExit(0);
    expect(screen()).not.toContain('ghost');
    expect(screen().match(/ended/g)).toHaveLength(1);
  });

  it('closes its session at the end, also one that was still on its way', async () => {
    const running = stage();
    await running.shell.start();
    running.shell.end();
    expect(running.shells[0]?.did).toEqual(['close']);
    const late = stage();
    const started = late.shell.start();
    late.shell.end();
    await started;
    expect(late.shells[0]?.did).toEqual(['close']);
  });
});
