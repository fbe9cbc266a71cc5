import process, { stdin } from 'node:process';
import { engineHome } from '../engine-home.ts';
import type { Output } from '../output.ts';
import type { Desk } from './desk.ts';
import { openLabEngine } from './engines.ts';
import { findLabs, loadLab } from './find.ts';
import { readFolder } from './folder.ts';
import { nodeKeyboard } from './keyboard.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Gives a command this process's terminal, files and engines. The first Ctrl-C asks it to end, the second ends it. */
export async function withNodeDesk<T>(
  { stdout, stderr }: Output,
  use: (desk: Desk) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
    interrupt.abort();
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await use({
      ...{ stdout, stderr, keyboard: nodeKeyboard(stdin), cwd: process.cwd(), env: process.env },
      home: engineHome(process.env),
      labs: () => findLabs(),
      lab: (slug) => loadLab(slug),
      openEngine: openLabEngine,
      readFolder: (dir, always) => readFolder(dir, { always, signal: interrupt.signal }),
      now: () => new Date(),
      onResize(listener) {
        process.stdout.on('resize', listener);
        return () => void process.stdout.off('resize', listener);
      },
      signal: interrupt.signal,
    });
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
