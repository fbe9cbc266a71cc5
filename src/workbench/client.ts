import type { Language } from '../verify/words.ts';
import { plainError, WorkbenchFailure } from './failure.ts';
import type { Change, Workbench, WorkbenchError, WorkbenchState } from './port.ts';
import { type Caller, caller } from './wire/call.ts';
import type { Calls, CheckEvent, Notice, WorkbenchUrls } from './wire/calls.ts';
import { terminalSession } from './wire/terminal.ts';

export type { WorkbenchUrls } from './wire/calls.ts';

export interface WorkbenchOptions {
  readonly urls: WorkbenchUrls;
  /** Of the page; what the worker says of checks is in both. */
  readonly lang: Language;
  /** For tests: what makes the worker. */
  readonly worker?: () => Worker;
}

/** The workbench of this page. Its worker is made when something is first asked of it. */
export function openWorkbench({ urls, worker = newWorker }: WorkbenchOptions): Workbench {
  let state: WorkbenchState = { kind: 'off' };
  const stateListeners = new Set<(state: WorkbenchState) => void>();
  const changeListeners = new Set<(change: Change) => void>();
  let made: { readonly worker: Worker; readonly calls: Caller<Calls> } | undefined;

  function enter(next: WorkbenchState): void {
    state = next;
    for (const listener of [...stateListeners]) listener(next);
  }

  function hear(notice: unknown): void {
    const told = notice as Notice; // by the worker's `serve`
    if (told.kind === 'state') enter(told.state);
    else for (const listener of [...changeListeners]) listener(told.change);
  }

  function connected(): Caller<Calls> {
    if (made) return made.calls;
    if (worker === newWorker && !('Worker' in globalThis)) {
      enter({ kind: 'impossible', missing: 'worker' });
      throw new WorkbenchFailure('impossible', 'this browser has no worker');
    }
    const began = worker();
    const calls = caller<Calls>(began, hear);
    made = { worker: began, calls };
    let loaded = false;
    began.addEventListener('error', ({ message }) => {
      // What goes wrong later is a bug somewhere in it, and the rest goes on.
      if (!loaded) lost(began, calls, message);
      else hear({ kind: 'change', change: { kind: 'trouble', error: { code: 'bug', message } } });
    });
    calls.call('connect', [urls]).then(
      () => (loaded = true),
      (error: unknown) => {
        lost(began, calls, plainError(error).message);
      },
    );
    return calls;
  }

  /** A worker that did not load, or broke: the next call makes another. */
  function lost(broken: Worker, calls: Caller<Calls>, said: string): void {
    if (made?.worker !== broken) return;
    made = undefined;
    broken.terminate();
    const message = said || 'the worker of the workbench did not load';
    const error: WorkbenchError = { code: 'worker-crashed', message };
    calls.lost(error);
    enter({ kind: 'failed', error });
  }

  const call: Caller<Calls>['call'] = (name, args, options) =>
    connected().call(name, args, options);

  return {
    get state() {
      return state;
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
    onChange(listener) {
      changeListeners.add(listener);
      return () => void changeListeners.delete(listener);
    },
    async start() {
      if (!made) enter({ kind: 'starting', stage: 'code', bytes: 0, seconds: 0 });
      await call('start', []);
    },
    takeOver: async () => call('takeOver', []),
    openLab: async (slug) => call('openLab', [slug]),
    files: {
      list: async () => call('listFiles', []),
      read: async (path) => call('readFile', [path]),
      write: async (path, content) => call('writeFile', [path, content]),
      makeFolder: async (path) => call('makeFolder', [path]),
      rename: async (from, to) => call('renameFile', [from, to]),
      remove: async (path) => call('removeFile', [path]),
      zip: async () => call('zip', []),
    },
    async openTerminal(options) {
      const { port1, port2 } = new MessageChannel();
      const session = terminalSession(port1, options);
      const { columns, rows } = options;
      try {
        await call('openTerminal', [columns, rows, port2], { transfer: [port2] });
      } catch (error) {
        port1.close();
        throw error;
      }
      return session;
    },
    async check({ only, onStart, onResult, signal } = {}) {
      return call('check', [only], {
        ...(signal && { signal }),
        onEvent(told) {
          const event = told as CheckEvent; // by the worker
          if (event.kind === 'start') onStart?.(event.id);
          else onResult?.(event.result);
        },
      });
    },
    skipStep: async (id, note) => call('skipStep', [id, note]),
    solution: async (spoil) => call('solution', [spoil]),
    images: {
      list: async () => call('listImages', []),
      open: async (name) => call('openImage', [name]),
      files: async (name, path, layer) => call('imageFiles', [name, path, layer]),
      diff: async (from, to) => call('diffImages', [from, to]),
    },
    progress: {
      read: async () => call('readProgress', []),
      note: async (entry) => call('noteProgress', [entry]),
      export: async () => call('exportProgress', []),
      import: async (text) => call('importProgress', [text]),
    },
    preview: {
      ports: async () => call('previewPorts', []),
      ask: async (request, port, signal) =>
        call('previewAsk', [request, port], { transfer: [port], ...(signal && { signal }) }),
      setCookie: async (page, cookie) => call('previewCookie', [page, cookie]),
      log: async () => call('previewLog', []),
      clearLog: async () => call('clearPreviewLog', []),
    },
    async reset(what) {
      if (what.kind === 'lab') await call('resetLab', []);
      else if (what.kind === 'file') await call('resetFile', [what.path]);
      else if (what.kind === 'machine') await call('resetMachine', []);
      else await call('resetStore', []);
    },
    async close() {
      if (!made) return;
      const { worker: ending, calls } = made;
      try {
        await calls.call('close', []);
      } finally {
        made = undefined;
        ending.terminate();
        enter({ kind: 'off' });
      }
    },
  };
}

function newWorker(): Worker {
  // Written out: bundlers look for just this.
  return new Worker(new URL('./worker/main.ts', import.meta.url), {
    type: 'module',
    name: 'semdistro',
  });
}
