import { stderr, stdin, stdout } from 'node:process';
import type { ByteStream } from '../../engine/bytes.ts';
import type { SpawnIo, SpawnSpec } from '../../machine/channel/port.ts';
import type { Machine } from '../../machine/machine.ts';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 } as const;

/** Runs a program of the guest with this process's streams, whatever they are; signals are passed on. */
export async function attachStreams(machine: Machine, spec: SpawnSpec): Promise<number> {
  const process = await machine.shell(spec, { stdin: input(), output: show });
  const undo = onSignals((number) => {
    process.kill(number);
  });
  try {
    return await process.exit;
  } finally {
    undo();
  }
}

/** Runs a program of the guest at this process's terminal: every key is the guest's, Ctrl-C too. */
export async function attachTerminal(machine: Machine, spec: SpawnSpec): Promise<number> {
  const process = await machine.shell(
    { ...spec, terminal: terminalSize() },
    { stdin: input(), output: show },
  );
  const resize = (): void => {
    const { columns, rows } = terminalSize();
    process.resize(columns, rows);
  };
  // A terminal that is closed closes the guest's.
  const undo = onSignals((number) => {
    process.kill(number);
  });
  stdout.on('resize', resize);
  stdin.setRawMode(true);
  try {
    return await process.exit;
  } finally {
    stdin.setRawMode(false);
    stdout.off('resize', resize);
    undo();
  }
}

function terminalSize(): { readonly columns: number; readonly rows: number } {
  return { columns: stdout.columns, rows: stdout.rows };
}

async function* input(): ByteStream {
  // Its own bytes: what a stream gives are Buffers of a pool.
  for await (const chunk of stdin) yield new Uint8Array(chunk as Uint8Array); // no encoding was set
}

const show: SpawnIo['output'] = (stream, bytes) => {
  const to = stream === 2 ? stderr : stdout;
  if (to.write(bytes)) return undefined;
  return new Promise((resolve) => {
    to.once('drain', resolve);
  });
};

function onSignals(pass: (number: number) => void): () => void {
  const handlers = Object.entries(SIGNALS).map(([name, number]) => {
    const handler = (): void => {
      pass(number);
    };
    return { name, handler };
  });
  for (const { name, handler } of handlers) process.on(name, handler);
  return () => {
    for (const { name, handler } of handlers) process.off(name, handler);
  };
}
