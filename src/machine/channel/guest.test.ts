import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { hasMachine, NO_MACHINE, testMachine } from '../../testing/machine.ts';
import type { GuestCommand, GuestProcess } from './port.ts';

/** Emulated, on a computer that may be doing much else. */
const PATIENCE = { timeout: 300_000 };
const PATH = 'PATH=/run/semdistro/bin:/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin';
const ENV = [PATH, 'HOME=/root', 'TERM=dumb', 'PS1=$ '];

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  argv: readonly string[],
  stdin?: AsyncIterable<Uint8Array>,
  cwd = '/root',
): Promise<Result> {
  const text = { out: '', err: '' };
  const process = await testMachine().shell(
    { argv, env: ENV, cwd },
    {
      ...(stdin && { stdin }),
      output(stream, bytes) {
        text[stream === 1 ? 'out' : 'err'] += new TextDecoder().decode(bytes);
      },
    },
  );
  const code = await process.exit;
  return { code, ...text };
}

const sh = (script: string, stdin?: AsyncIterable<Uint8Array>): Promise<Result> =>
  run(['sh', '-c', script], stdin);

async function* typed(...lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) {
    await Promise.resolve();
    yield utf8(line);
  }
}

/** A shell with a terminal: what is typed, and what it shows. */
async function terminal(columns: number, rows: number, argv = ['sh']) {
  let shown = '';
  let changed: (() => void) | undefined;
  const keys: Uint8Array[] = [];
  let pressed: (() => void) | undefined;
  async function* stdin(): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (let key = keys.shift(); key; key = keys.shift()) yield key;
      await new Promise<void>((resolve) => (pressed = resolve));
    }
  }
  const process: GuestProcess = await testMachine().shell(
    { argv, env: ENV, cwd: '/root', terminal: { columns, rows } },
    {
      stdin: stdin(),
      output(_, bytes) {
        shown += new TextDecoder().decode(bytes);
        changed?.();
      },
    },
  );
  return {
    process,
    type(text: string): void {
      keys.push(utf8(text));
      pressed?.();
    },
    /** Waits until it has shown this, and returns it with what came before and was not yet returned. */
    async shows(text: string): Promise<string> {
      while (!shown.includes(text)) await new Promise<void>((resolve) => (changed = resolve));
      const end = shown.indexOf(text) + text.length;
      const before = shown.slice(0, end);
      shown = shown.slice(end);
      return before;
    },
  };
}

describe.runIf(hasMachine)('processes of the real guest', PATIENCE, () => {
  test.each<[string, string, Result]>([
    ['streams', 'echo out; echo err >&2; exit 7', { code: 7, out: 'out\n', err: 'err\n' }],
    ['a signal', 'kill -9 $$', { code: 137, out: '', err: '' }],
    ['no input', 'cat', { code: 0, out: '', err: '' }],
    ['a reader that ends first', 'yes | head -n 2', { code: 0, out: 'y\ny\n', err: '' }],
    ['its directory', 'pwd', { code: 0, out: '/root\n', err: '' }],
    ['no descriptors of others', 'ls /proc/$$/fd', { code: 0, out: '0\n1\n2\n', err: '' }],
    [
      'default signals',
      'grep -E "Sig(Blk|Ign)" /proc/self/status',
      {
        code: 0,
        out: 'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n',
        err: '',
      },
    ],
  ])('%s', async (_, script, expected) => {
    await expect(sh(script)).resolves.toEqual(expected);
  });

  test.each([
    ['a missing program', ['nosuch'], '/', 'exec: ENOENT'],
    ['a directory', ['/etc'], '/', 'exec: EACCES'],
    ['a missing directory', ['true'], '/nowhere', 'chdir: ENOENT'],
    ['a file as directory', ['true'], '/etc/passwd', 'chdir: ENOTDIR'],
  ])('%s has the error of the kernel', async (_, argv, cwd, message) => {
    await expect(run(argv, undefined, cwd)).rejects.toThrow(message);
  });

  test('input arrives and ends', async () => {
    const result = await sh('cat; echo end', typed('one ', 'two\n'));
    expect(result).toEqual({ code: 0, out: 'one two\nend\n', err: '' });
  });

  test('a process that never reads ends all the same, and its input is let go', async () => {
    let released = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve();
          yield new Uint8Array(10_000);
        }
      } finally {
        released = true;
      }
    }
    const result = await sh('sleep 0.3; echo done', endless());
    expect([result.out, released]).toEqual(['done\n', true]);
  });

  test('4 MB pass unharmed each way', async () => {
    const there = createHash('md5');
    const piece = Uint8Array.from({ length: 1 << 16 }, (_, i) => (i * 7919) >> 3);
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 64; i++) {
        await Promise.resolve();
        piece[0] = i;
        there.update(piece);
        yield piece.slice();
      }
    }
    const { out } = await sh('md5sum', source());
    expect(out.split(' ')[0]).toBe(there.digest('hex'));

    const back = createHash('md5');
    let length = 0;
    const process = await testMachine().shell(
      {
        argv: [
          'sh',
          '-c',
          'head -c 4194304 /dev/urandom | tee /tmp/random; md5sum /tmp/random >&2; rm /tmp/random',
        ],
        env: ENV,
        cwd: '/',
      },
      {
        output(stream, bytes) {
          if (stream === 1) back.update(bytes);
          if (stream === 1) length += bytes.length;
          else
            expect(new TextDecoder().decode(bytes).split(' ')[0]).toBe(back.copy().digest('hex'));
        },
      },
    );
    await expect(process.exit).resolves.toBe(0);
    expect(length).toBe(4 << 20);
  });

  test('300 at once, each with its own streams and code', async () => {
    const all = Array.from({ length: 300 }, (_, i) => sh(`echo ${i}; exit ${i % 100}`));
    const results = await Promise.all(all);
    expect(results.map(({ code, out }) => [code, out])).toEqual(
      results.map((_, i) => [i % 100, `${i}\n`]),
    );
    // Nothing of them is left in process 1 but what it always has.
    const left = await sh(
      'ls /proc/1/fd | wc -l; grep -c Z /proc/[0-9]*/stat 2>/dev/null | grep -c :1$',
    );
    expect(Number(left.out.split('\n')[0])).toBeLessThan(20);
  });

  test('a grandchild that keeps the output open is waited for 2 s and no longer', async () => {
    const start = performance.now();
    const result = await sh('(sleep 30; echo late) & echo early');
    expect(result.out).toBe('early\n');
    expect(performance.now() - start).toBeGreaterThan(1900);
    await sh('pkill sleep');
  });

  test('extra outputs are descriptors from 3', async () => {
    const seen: Record<number, string> = {};
    const process = await testMachine().shell(
      { argv: ['sh', '-c', 'echo a >&3; echo b >&4'], env: ENV, cwd: '/', extraOutputs: 2 },
      {
        output(stream, bytes) {
          seen[stream] = (seen[stream] ?? '') + new TextDecoder().decode(bytes);
        },
      },
    );
    await process.exit;
    expect(seen).toEqual({ 3: 'a\n', 4: 'b\n' });
  });

  test('a name that is looked up does not exist, at once, and is told', async () => {
    const names: string[] = [];
    testMachine().onLookup((name) => names.push(name));
    const { out } = await sh('getent hosts pypi.org; echo $?');
    expect(out).toBe('2\n');
    expect(names).toContain('pypi.org');
  });
});

describe.runIf(hasMachine)('terminals of the real guest', PATIENCE, () => {
  test('four at once, each of its size', async () => {
    const shells = await Promise.all([0, 1, 2, 3].map((i) => terminal(80 + i, 24 + i)));
    await Promise.all(
      shells.map(async (shell, i) => {
        await shell.shows('$ ');
        shell.type('stty size\n');
        await shell.shows('size\r\n');
        expect(await shell.shows('\r\n')).toBe(`${24 + i} ${80 + i}\r\n`);
        shell.process.resize(100 + i, 50);
        await shell.shows('$ ');
        shell.type(`stty size; exit ${i}\n`);
        await shell.shows(`exit ${i}\r\n`);
        expect(await shell.shows('\r\n')).toBe(`50 ${100 + i}\r\n`);
        await expect(shell.process.exit).resolves.toBe(i);
      }),
    );
  });

  test('Ctrl-C ends what runs and not the shell; a flood does not drown it; Ctrl-D ends it', async () => {
    const shell = await terminal(80, 24);
    await shell.shows('$ ');
    shell.type('sleep 100\n');
    await shell.shows('100\r\n');
    await new Promise((resolve) => setTimeout(resolve, 500));
    shell.type('\u0003');
    await shell.shows('$ ');
    shell.type('echo code $?\n');
    await shell.shows('code 130\r\n');
    await shell.shows('$ ');
    shell.type('yes\n');
    await shell.shows('y\r\ny\r\ny\r\n');
    shell.type('\u0003');
    shell.type('echo al""ive\n');
    await shell.shows('alive\r\n');
    await shell.shows('$ ');
    shell.type('\u0004');
    await expect(shell.process.exit).resolves.toBe(0);
  });

  test('its end hangs up whoever else has it, and is not waited for', async () => {
    const shell = await terminal(80, 24);
    await shell.shows('$ ');
    shell.type('(trap "" HUP; exec sleep 31) &\n');
    await shell.shows('$ ');
    const start = performance.now();
    shell.process.kill(9);
    await expect(shell.process.exit).resolves.toBe(137);
    expect(performance.now() - start).toBeLessThan(1900);
    await sh('pkill sleep');
  });
});

describe.runIf(hasMachine)('docker in the real guest', PATIENCE, () => {
  function engine(handler: (command: GuestCommand) => Promise<number>): void {
    testMachine().onCommand(handler);
  }

  test('arguments, directory, some variables, streams and code', async () => {
    let seen: unknown;
    engine(async (command) => {
      const { args, cwd, env, terminals, size } = command;
      seen = { args, cwd, env, terminals, size };
      await command.write(1, utf8('out\n'));
      await command.write(2, utf8('err\n'));
      return 125;
    });
    const long = 'x'.repeat(100_000);
    const result = await sh(`cd /tmp; DOCKER_A=1 SECRET=2 docker run '' 'a b' ${long}`);
    expect(result).toEqual({ code: 125, out: 'out\n', err: 'err\n' });
    expect(seen).toEqual({
      args: ['run', '', 'a b', long],
      cwd: '/tmp',
      env: { TERM: 'dumb', DOCKER_A: '1' },
      terminals: [false, false, false],
      size: undefined,
    });
  });

  test('its input is read as far as was asked for', async () => {
    engine(async (command) => {
      const { args, stdin } = command;
      if (args[0] !== 'none') {
        for await (const bytes of stdin) {
          await command.write(1, args[0] === 'all' ? bytes : utf8(`${bytes.length}\n`));
          if (args[0] === 'once') break;
        }
      }
      return 0;
    });
    const file = 'head -c 300000 /dev/urandom >/tmp/f;';
    const all = await sh(`${file} docker all </tmp/f | cmp - /tmp/f && echo same`);
    expect(all.out).toBe('same\n');
    const once = await sh('(docker once; wc -c) </tmp/f; rm /tmp/f');
    expect(once.out).toBe('65536\n234464\n');
    const none = await sh('printf "a\\nb\\n" | (docker none; cat)');
    expect(none.out).toBe('a\nb\n');
  });

  test('its output may be cut short', async () => {
    const aborted = Promise.withResolvers<boolean>();
    engine(async (command) => {
      const { closed } = command;
      while (!closed.aborted) await command.write(1, new Uint8Array(65536).fill(65));
      aborted.resolve(true);
      return 0;
    });
    expect((await sh('docker x | head -c 3')).out).toBe('AAA');
    await expect(aborted.promise).resolves.toBe(true);
  });

  test('a signal is passed on, and a kill that cannot be aborts', async () => {
    const ends: string[] = [];
    engine(async (command) => {
      const { closed } = command;
      const end = await new Promise<number | string>((resolve) => {
        command.onSignal(resolve);
        closed.addEventListener('abort', () => {
          resolve('closed');
        });
      });
      ends.push(String(end));
      return 77;
    });
    const term = await sh('docker x & sleep 0.5; kill $!; wait $!; echo $?');
    expect([term.out, ends]).toEqual(['77\n', ['15']]);
    await sh('docker x & sleep 0.5; kill -9 $!; wait $!');
    expect(ends).toEqual(['15', 'closed']);
  });

  test('a terminal is raw while asked for, told its size, and is as before afterwards', async () => {
    const sizes: string[] = [];
    engine(async (command) => {
      const { args, terminals, size, stdin } = command;
      expect([terminals, size]).toEqual([[true, true, true], { columns: 90, rows: 20 }]);
      command.onResize((columns, rows) => sizes.push(`${columns}x${rows}`));
      await command.setRaw(true);
      await command.write(1, utf8('raw\n'));
      let keys = '';
      for await (const bytes of stdin) {
        keys += new TextDecoder().decode(bytes);
        await command.write(1, utf8(JSON.stringify(keys)));
        if (keys.endsWith('q')) break;
      }
      return args.length;
    });
    const shell = await terminal(90, 20);
    await shell.shows('$ ');
    shell.type('docker a b; echo code $?; stty -a\n');
    // Without output processing the cursor stays where it is.
    await shell.shows('raw\n');
    shell.type('ã\u0003');
    await shell.shows('"ã\\u0003"');
    shell.process.resize(100, 30);
    shell.type('q');
    await shell.shows('code 2\r\n');
    expect(await shell.shows('$ ')).toMatch(/[^-]icanon.*[^-]echo /s);
    expect(sizes).toEqual(['100x30']);
    shell.type('exit\n');
    await shell.process.exit;
  });
});

if (!hasMachine) test.skip(NO_MACHINE, () => undefined);
