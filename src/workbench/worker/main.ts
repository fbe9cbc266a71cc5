import { WorkbenchFailure } from '../failure.ts';
import type { CheckEvent, Calls, Notice } from '../wire/calls.ts';
import { serve, type Wire } from '../wire/call.ts';
import { type Bench, openBench } from './bench.ts';
import { imageDesk } from './images.ts';
import { openTerminal } from './terminals.ts';
import { openSurroundings } from './surroundings.ts';

// The worker of the workbench: what the page asks is answered by the bench.

let bench: Bench | undefined;

function now(): Bench {
  if (!bench) throw new WorkbenchFailure('not-connected', 'the page has not said where things are');
  return bench;
}

const files = async () => (await now().desk()).files;
const labs = async () => (await now().desk()).labs;
const progress = (): Promise<Awaited<ReturnType<Bench['progress']>>> => now().progress();
const images = async () => imageDesk((await now().room()).engine);

// A page's own `postMessage` takes other arguments; this is a worker's.
const scope = globalThis as unknown as Wire;

const notify = serve<Calls>(scope, {
  async connect(_, urls) {
    const tell = (notice: Notice): void => {
      notify(notice);
    };
    bench ??= openBench({
      ...(await openSurroundings()),
      urls,
      onState: (state) => {
        tell({ kind: 'state', state });
      },
      onChange: (change) => {
        tell({ kind: 'change', change });
      },
    });
  },
  start: () => now().start(),
  takeOver: () => now().takeOver(),
  openLab: (_, slug) => now().openLab(slug),
  listFiles: async () => (await files()).list(),
  readFile: async (_, path) => (await files()).read(path),
  writeFile: async (_, path, content) => (await files()).write(path, content),
  makeFolder: async (_, path) => (await files()).makeFolder(path),
  renameFile: async (_, from, to) => (await files()).rename(from, to),
  removeFile: async (_, path) => (await files()).remove(path),
  zip: async () => (await files()).zip(),
  openTerminal: async (_, columns, rows, port) =>
    openTerminal((await now().room()).machine, { columns, rows }, port),
  async check({ signal, tell }, only) {
    const event = (one: CheckEvent): void => {
      tell(one);
    };
    return (await labs()).check(await now().room(), {
      signal,
      ...(only && { only }),
      onStart: (id) => {
        event({ kind: 'start', id });
      },
      onResult: (result) => {
        event({ kind: 'result', result });
      },
    });
  },
  solution: async (_, spoil) => (await labs()).solution(spoil),
  listImages: async () => (await images()).list(),
  openImage: async (_, name) => (await images()).open(name),
  imageFiles: async (_, name, path, layer) => (await images()).files(name, path, layer),
  diffImages: async (_, from, to) => (await images()).diff(from, to),
  readProgress: async () => (await progress()).read(),
  noteProgress: async (_, entry) => (await progress()).note(entry),
  exportProgress: async () => (await progress()).export(),
  importProgress: async (_, text) => (await progress()).import(text),
  resetLab: async () => (await labs()).reset(),
  resetFile: async (_, path) => (await labs()).resetFile(path),
  resetMachine: () => now().resetMachine(),
  resetStore: () => now().resetStore(),
  async close() {
    await bench?.close();
    bench = undefined;
  },
});
