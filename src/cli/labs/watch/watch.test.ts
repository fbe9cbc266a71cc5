import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const program = join(import.meta.dirname, 'testdata', 'watch-fake.ts');
const terminal = join(import.meta.dirname, 'testdata', 'on-terminal.py');
const hasPython = spawnSync('python3', ['--version']).error === undefined;

/** A watch of another process, in a folder of its own. */
interface Watching {
  readonly child: ChildProcess;
  /** What it wrote since the last time, once a text is in it. */
  until(text: string): Promise<string>;
  save(text: string): void;
  type(keys: string): void;
  readonly ended: Promise<number | null>;
  /** Engines opened and closed. */
  engines(): string;
}

function watching(how: 'terminal' | 'pipe', env: Record<string, string> = {}): Watching {
  const root = mkdtempSync(join(tmpdir(), 'semdistro-watch-'));
  const [dir, home, engines] = [join(root, 'lab'), join(root, 'home'), join(root, 'engines')];
  const command = [process.execPath, program, dir, home, engines];
  const [name = '', ...args] = how === 'terminal' ? ['python3', terminal, ...command] : command;
  spawnSync('mkdir', [dir]);
  const child = spawn(name, args, {
    env: { PATH: process.env['PATH'], TERM: 'xterm', LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let unread = '';
  let look = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    unread += text;
    look();
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(root, { recursive: true, force: true });
  });
  return {
    ...{ child, ended },
    until: (text) =>
      new Promise((resolve) => {
        look = () => {
          const at = unread.indexOf(text);
          if (at < 0) return;
          look = () => undefined;
          resolve(unread.slice(0, at + text.length));
          unread = unread.slice(at + text.length);
        };
        look();
      }),
    save: (text) => {
      writeFileSync(join(dir, 'answer.txt'), text);
    },
    type: (keys) => {
      child.stdin.write(keys);
    },
    engines: () => readFileSync(engines, 'utf8'),
  };
}

describe('watch in a pipe', () => {
  it('one report per run, in plain text; the engine stays open; Ctrl-C leaves nothing behind', async () => {
    const watch = watching('pipe');
    const first = await watch.until('1 failed · 0.0 s\n');
    expect(first).toMatch(/^Watching .*\/lab\. Ctrl-C to quit\.\n\nword · The word\n/);
    expect(first).toContain('✗ The word\n    expected: right\n    found:    wrong\n');
    watch.save('right');
    const second = await watch.until('Well done! 1 passed · 0.0 s\n');
    expect(second).toContain('Changed: answer.txt\n\nword · The word\n');
    expect(`${first}${second}`).not.toContain('\u001b');
    expect(watch.engines()).toBe('opened\n');
    watch.child.kill('SIGINT');
    expect(await watch.ended).toBe(130);
    expect(watch.engines()).toBe('opened\nclosed\n');
  });

  it('a save during a run begins it again, with another engine', async () => {
    const watch = watching('pipe');
    await watch.until('1 failed');
    watch.save('slow');
    await watch.until('engine: embedded 1');
    watch.save('right');
    const said = await watch.until('1 passed');
    expect(said).not.toContain('slow');
    expect(watch.engines()).toBe('opened\nclosed\nopened\n');
  });

  it('several saves in a row cost one run', async () => {
    const watch = watching('pipe');
    await watch.until('1 failed');
    for (const text of ['a', 'b', 'c', 'right']) watch.save(text);
    const said = await watch.until('1 passed');
    expect(said.match(/Changed:/g)).toHaveLength(1);
  });

  it('in Portuguese, by the environment', async () => {
    const watch = watching('pipe', { LANG: 'pt_BR.UTF-8' });
    expect(await watch.until('1 falhou')).toContain('Olhando ');
  });
});

describe.runIf(hasPython)('watch on a terminal (needs python3)', () => {
  it('redraws in place, with the keys below', async () => {
    const watch = watching('terminal');
    const first = await watch.until('Not yet.');
    expect(first).toContain('\u001b[31m✗\u001b[39m The word');
    watch.save('right');
    const drawn = await watch.until('Well done!');
    expect(drawn).toContain('\u001b[H');
    expect(drawn).not.toContain('\u001b[2J');
    watch.type('q');
    expect(await watch.ended).toBe(0);
    expect(watch.engines()).toBe('opened\nclosed\n');
  });

  it('h gives a hint, l lists and any key goes back, Enter runs again', async () => {
    const watch = watching('terminal');
    await watch.until('Not yet.');
    watch.type('h');
    await watch.until('Look closely.');
    watch.type('l');
    await watch.until('LESSON');
    await watch.until('Any key goes back.');
    watch.type('x');
    await watch.until('Not yet.');
    watch.type('\r');
    await watch.until('Not yet.');
    watch.type('q');
    expect(await watch.ended).toBe(0);
  });

  it('r asks, and puts the start back on the letter for yes alone', async () => {
    const watch = watching('terminal');
    await watch.until('Not yet.');
    watch.save('mine');
    await watch.until('mine');
    watch.type('r');
    await watch.until('[y/N]');
    watch.type('n');
    await watch.until('mine');
    watch.type('r');
    await watch.until('[y/N]');
    watch.type('y');
    await watch.until('wrong');
    watch.type('\u0003');
    expect(await watch.ended).toBe(130);
    expect(watch.engines()).toBe('opened\nclosed\n');
  });

  it('without colours where NO_COLOR says so, still in place', async () => {
    const watch = watching('terminal', { NO_COLOR: '1' });
    const said = await watch.until('Not yet.');
    expect(said).not.toContain('\u001b[3');
    expect(said).toContain('✗ The word');
    watch.type('q');
    expect(await watch.ended).toBe(0);
  });
});
