import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../engine/errors.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import { containerSpec, textIo } from '../testing/containers.ts';
import { hasMachine, newMachine, NO_MACHINE } from '../testing/machine.ts';
import { type Machine, type MachineState, openMachine } from './machine.ts';

const PATIENCE = 180_000;
const ENV = ['PATH=/usr/sbin:/usr/bin'];

describe('a machine that cannot start', () => {
  it('says why to whoever asked, and tries again for the next', async () => {
    const loads: number[] = [];
    const machine = openMachine({
      load: async () => {
        loads.push(loads.length);
        throw new EngineError('machine-missing', 'not made yet');
      },
    });
    expect(machine.state).toEqual({ kind: 'stopped' });
    const states: MachineState['kind'][] = [];
    machine.onState(({ kind }) => states.push(kind));
    for (let i = 0; i < 2; i++) {
      await expect(machine.start()).rejects.toMatchObject({ code: 'machine-missing' });
    }
    expect(loads).toEqual([0, 1]);
    expect(states).toEqual(['starting', 'crashed', 'starting', 'crashed']);
  });

  it('is not asked for anything by a writable tree', async () => {
    const machine = openMachine({ load: () => Promise.reject(new Error('asked')) });
    const tree = machine.host.writable(emptyTree);
    expect(await tree.changes()).toEqual([]);
    expect(machine.state).toEqual({ kind: 'stopped' });
  });

  it('once closed stays closed', async () => {
    const machine = openMachine({ load: () => Promise.reject(new Error('asked')) });
    await machine.close();
    await expect(machine.start()).rejects.toMatchObject({ code: 'machine-closed' });
  });
});

describe.skipIf(!hasMachine)(`the machine (${NO_MACHINE})`, { timeout: PATIENCE }, () => {
  let root: string;
  let machine: Machine;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'semdistro-machine-'));
    await mkdir(join(root, 'w'));
    machine = newMachine({ workspace: join(root, 'w') });
  });
  afterAll(async () => {
    await machine.close();
    await rm(root, { recursive: true, force: true });
  });

  const sh = async (script: string, on = machine): Promise<string> => {
    const decoder = new TextDecoder();
    let text = '';
    const spec = { argv: ['/bin/bash', '-c', script], env: ENV, cwd: '/workspace' };
    const { exit } = await on.shell(spec, {
      output(_, bytes) {
        text += decoder.decode(bytes, { stream: true });
      },
    });
    await exit;
    return text;
  };

  it('starts with its first process, and tells how that goes', async () => {
    const states: MachineState[] = [];
    const stop = machine.onState((state) => states.push(state));
    expect(await sh('echo $((6 * 7))')).toBe('42\n');
    stop();
    expect(states.map((state) => ('stage' in state ? state.stage : state.kind))).toEqual([
      'loading',
      'restoring',
      'running',
    ]);
    const [, restoring] = states;
    expect(restoring).toMatchObject({ bytes: expect.any(Number) as number });
  });

  it('has the time of now', async () => {
    const seconds = Number(await sh('date +%s'));
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(30);
  });

  it('runs four shells at once, each at a terminal of its own', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const shells = await Promise.all(
      names.map(async (name, index) => {
        const typed = Promise.withResolvers<string>();
        const io = textIo();
        const stdin = async function* (): AsyncGenerator<Uint8Array> {
          yield new TextEncoder().encode(await typed.promise);
        };
        const terminal = { columns: 80 + index, rows: 24 };
        const { exit } = await machine.shell(
          { argv: ['/bin/bash', '--norc'], env: ENV, cwd: '/', terminal },
          { stdin: stdin(), output: (_, bytes) => io.stdout(bytes) },
        );
        return { name, exit, io, typed };
      }),
    );
    for (const { name, typed } of shells.toReversed()) {
      typed.resolve(`stty size; tty; echo is-$((1))-${name}; exit\n`);
    }
    const terminals = await Promise.all(
      shells.map(async ({ name, exit, io }, index) => {
        expect(await exit).toBe(0);
        expect(io.out()).toContain(`24 ${80 + index}\r\n`);
        expect(io.out()).toContain(`is-1-${name}\r\n`);
        return /\/dev\/pts\/\d+/.exec(io.out())?.[0];
      }),
    );
    expect(new Set(terminals).size).toBe(4);
  });

  it('after a crash: what runs fails with one error, and everything kept is there again', async () => {
    await writeFile(join(root, 'w', 'before'), 'kept\n');
    const script = 'echo written >/w; sync; echo ready; sleep 1000';
    const spec = await containerSpec(machine, ['sh', '-c', script]);
    const io = textIo();
    const container = await machine.host.start(spec, io);
    await expect.poll(io.out, { timeout: PATIENCE }).toBe('ready\n');
    await sh('echo from-guest >/workspace/during; sync');

    const crash = sh('echo c >/proc/sysrq-trigger; sleep 1000');
    const failure = {
      code: 'machine-crashed',
      message: expect.stringContaining('panic') as string,
    };
    await expect(container.exit).rejects.toMatchObject(failure);
    await expect(crash).rejects.toMatchObject(failure);
    await expect(container.kill(9)).resolves.toBeUndefined();
    expect(machine.state).toMatchObject({ kind: 'crashed' });

    const again = { ...spec, process: { ...spec.process, argv: ['cat', '/w'] } };
    const io2 = textIo();
    expect(await (await machine.host.start(again, io2)).exit).toMatchObject({ code: 0 });
    expect(io2.out()).toBe('written\n');
    expect(await sh('cat /workspace/before /workspace/during')).toBe('kept\nfrom-guest\n');
    expect(await readFile(join(root, 'w', 'during'), 'utf8')).toBe('from-guest\n');
  });

  it('restarts when it is told to; what ran hears of it', async () => {
    const sleeping = sh('sleep 1000');
    await sh('true');
    const ended = expect(sleeping).rejects.toMatchObject({ code: 'machine-stopped' });
    await machine.restart();
    await ended;
    expect(await sh('echo again')).toBe('again\n');
  });

  it('closes: what waits and what is asked later is refused', async () => {
    const own = newMachine();
    await own.start();
    const waiting = expect(sh('sleep 1000', own)).rejects.toMatchObject({ code: 'machine-closed' });
    await sh('true', own);
    await own.close();
    await waiting;
    await expect(sh('true', own)).rejects.toMatchObject({ code: 'machine-closed' });
    expect(own.state).toEqual({ kind: 'stopped' });
  });
});
