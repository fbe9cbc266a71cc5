import { WorkbenchFailure } from '../failure.ts';
import type { CheckEvent, Calls, Notice } from '../wire/calls.ts';
import { serve, type Wire } from '../wire/call.ts';
import { type Bench, openBench } from './bench.ts';
import { later } from './later.ts';
import type { PreviewWork } from './preview-desk.ts';
import { terminals } from './terminals.ts';
import { openSurroundings } from './surroundings.ts';

// The worker of the workbench: what the page asks is answered by the bench.

let bench: Promise<Bench> | undefined;
const shells = terminals();
let previews: Promise<PreviewWork> | undefined;

async function now(): Promise<Bench> {
  if (!bench) throw new WorkbenchFailure('not-connected', 'the page has not said where things are');
  return bench;
}

const files = async () => (await (await now()).desk()).files;
const labs = async () => (await (await now()).desk()).labs;
const progress = async () => (await now()).progress();
const images = async () => {
  const { engine } = await (await now()).room();
  return (await later.images()).imageDesk(engine);
};

async function preview(): Promise<PreviewWork> {
  previews ??= later.preview().then(({ openPreviewWork }) =>
    openPreviewWork({
      folder: folderOfPreviews,
      room: async () => (await now()).room(),
      onLog() {
        notify({ kind: 'change', change: { kind: 'requests' } } satisfies Notice);
      },
    }),
  );
  return previews;
}
let folderOfPreviews: string | undefined;

// A page's own `postMessage` takes other arguments; this is a worker's.
const scope = globalThis as unknown as Wire;

const notify = serve<Calls>(scope, {
  async connect(_, urls) {
    folderOfPreviews = urls.preview;
    const tell = (notice: Notice): void => {
      notify(notice);
    };
    bench ??= openSurroundings().then((surroundings) =>
      openBench({
        ...surroundings,
        urls,
        onState: (state) => {
          tell({ kind: 'state', state });
        },
        onChange: (change) => {
          tell({ kind: 'change', change });
        },
        onMachine: (machine) => {
          shells.expect(machine);
        },
      }),
    );
    await bench;
  },
  start: async () => (await now()).start(),
  takeOver: async () => (await now()).takeOver(),
  openLab: async (_, slug) => (await now()).openLab(slug),
  listFiles: async () => (await files()).list(),
  readFile: async (_, path) => (await files()).read(path),
  writeFile: async (_, path, content) => (await files()).write(path, content),
  makeFolder: async (_, path) => (await files()).makeFolder(path),
  renameFile: async (_, from, to) => (await files()).rename(from, to),
  removeFile: async (_, path) => (await files()).remove(path),
  zip: async () => (await files()).zip(),
  openTerminal: async (_, columns, rows, port) =>
    shells.open((await (await now()).room()).machine, { columns, rows }, port),
  async check({ signal, tell }, only) {
    const event = (one: CheckEvent): void => {
      tell(one);
    };
    return (await labs()).check(await (await now()).room(), {
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
  skipStep: async (_, id, note) => (await labs()).skipStep(id, note),
  solution: async (_, spoil) => (await labs()).solution(spoil),
  listImages: async () => (await images()).list(),
  openImage: async (_, name) => (await images()).open(name),
  imageFiles: async (_, name, path, layer) => (await images()).files(name, path, layer),
  diffImages: async (_, from, to) => (await images()).diff(from, to),
  readProgress: async () => (await progress()).read(),
  noteProgress: async (_, entry) => (await progress()).note(entry),
  exportProgress: async () => (await progress()).export(),
  importProgress: async (_, text) => (await progress()).import(text),
  previewPorts: async () => (await preview()).ports(),
  previewAsk: async ({ signal }, request, port) => (await preview()).ask(request, port, signal),
  previewCookie: async (_, page, cookie) => {
    (await preview()).setCookie(page, cookie);
  },
  previewLog: async () => (await preview()).log(),
  clearPreviewLog: async () => {
    (await preview()).clearLog();
  },
  resetLab: async () => (await labs()).reset(),
  resetFile: async (_, path) => (await labs()).resetFile(path),
  resetMachine: async () => (await now()).resetMachine(),
  resetStore: async () => (await now()).resetStore(),
  async close() {
    await (await bench)?.close();
    bench = undefined;
  },
});
