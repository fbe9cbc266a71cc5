import { describe, expect, it } from 'vitest';
import { commandIn, commandsOf } from './commands.ts';

describe('commands', () => {
  it('wait for a terminal, and keep their order', async () => {
    const typed: string[] = [];
    const commands = commandsOf(async (command) => {
      await Promise.resolve();
      typed.push(command);
    });
    commands.run('docker build .');
    commands.run('docker images');
    expect(typed).toEqual([]);
    commands.ready();
    commands.run('exit');
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(typed).toEqual(['docker build .', 'docker images', 'exit']);
  });

  it('wait again when the terminal is gone', () => {
    const typed: string[] = [];
    const commands = commandsOf((command) => Promise.resolve(typed.push(command)));
    commands.ready();
    commands.wait();
    commands.run('ls');
    expect(typed).toEqual([]);
    commands.ready();
    expect(typed).toEqual(['ls']);
  });

  it.each([
    [new CustomEvent('semdistro:run', { detail: { command: 'ls' } }), 'ls'],
    [new CustomEvent('semdistro:run', { detail: { command: 7 } }), undefined],
    [new CustomEvent('semdistro:run'), undefined],
    [new Event('semdistro:run'), undefined],
  ])('are in the event, or it has none', (event, command) => {
    expect(commandIn(event)).toBe(command);
  });
});
