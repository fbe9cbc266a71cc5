import type { HistoryChange, HistoryRow, ImageDiff, ImageSide } from '../../engine/diff/model.ts';
import { parseDigest } from '../../engine/oci/digest.ts';
import type { CheckResult, Report } from '../../verify/check.ts';
import type {
  Change,
  ImageDetail,
  ImageFile,
  ImageSummary,
  Workbench,
  WorkbenchState,
  WorkspaceFile,
} from '../port.ts';
import { type FakePreview, fakePreview } from './testing-preview.ts';
import { DOCKERFILE, RIGHT, SHELL_LAYER, SOLUTION } from './testing-lab.ts';

// A workbench without engine and machine, which does what a test says: for testing-page.ts.

export interface FakeWorkbench extends Workbench {
  readonly preview: FakePreview;
  /** What was asked of it, in order. */
  readonly log: string[];
  readonly become: (state: WorkbenchState) => void;
  readonly change: (change: Change) => void;
  /** What the next check comes to; held after its first answer until `release`. */
  answer(results: readonly CheckResult[], hold?: boolean): void;
  release(): void;
}

const BASE_LAYERS = [
  { diffId: `sha256:${'1'.repeat(64)}`, size: 310_000, createdBy: 'bazel build //common:passwd' },
];

const layersOf = (withShell: boolean) => [
  ...BASE_LAYERS.map((layer) => ({
    ...layer,
    sharedWith: ['gcr.io/distroless/static-debian13:nonroot'],
  })),
  ...(withShell
    ? [
        {
          ...{ diffId: SHELL_LAYER, size: 1_980_000, sharedWith: [] },
          createdBy: 'COPY /bin/busybox /usr/bin/diagnostico # buildkit',
        },
      ]
    : []),
  {
    ...{ diffId: `sha256:${'c'.repeat(64)}`, size: 6_720_000, sharedWith: [] },
    createdBy: 'COPY /out/app /app # buildkit',
  },
];

function image(
  id: string,
  names: readonly string[],
  created: string,
  withShell: boolean,
): ImageDetail {
  const layers = layersOf(withShell);
  return {
    ...{ id: `sha256:${id.repeat(64)}`, names, created, platform: 'linux/386', layers },
    size: layers.reduce((sum, { size }) => sum + size, 0),
    history: [
      ...layers.map(({ createdBy, size }, layer) => ({ createdBy, size, created, layer })),
      { createdBy: 'ENTRYPOINT ["/app"]', size: 0, created },
    ],
    config: {
      User: '65532',
      Entrypoint: ['/app'],
      Env: ['PATH=/usr/bin:/bin', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
      WorkingDir: '/home/nonroot',
    },
    packages: [
      { name: 'base-files', version: '13.8' },
      { name: 'tzdata', version: '2026a-0+deb13u1' },
    ],
  };
}

const IMAGES: readonly ImageDetail[] = [
  image('a', ['minha:2'], '2026-11-21T18:02:00Z', false),
  image('d', ['minha:1', 'minha:com-shell'], '2026-11-21T17:40:00Z', true),
];

const FILES: readonly ImageFile[] = [
  ['etc', 'dir', 0],
  ['etc/passwd', 'file', 132],
  ['usr', 'dir', 0],
  ['usr/bin', 'dir', 0],
  ['usr/bin/diagnostico', 'file', 1_980_000],
  ['app', 'file', 6_720_000],
].map(([path, type, size]) => ({
  ...{ path: String(path), type: String(type), size: Number(size) },
  ...{ mode: 0o755, uid: 0, gid: 0 },
}));

export function fakeWorkbench(initial: WorkbenchState): FakeWorkbench {
  const states = new Set<(state: WorkbenchState) => void>();
  const changes = new Set<(change: Change) => void>();
  const log: string[] = [];
  const texts = new Map([
    ['Dockerfile', DOCKERFILE],
    ['main.go', 'package main\n'],
  ]);
  let state = initial;
  let results: readonly CheckResult[] = RIGHT;
  let held: PromiseWithResolvers<undefined> | undefined;
  let passed = false;
  const become = (next: WorkbenchState): void => {
    state = next;
    for (const listener of states) listener(next);
  };
  const change = (one: Change): void => {
    for (const listener of changes) listener(one);
  };
  const read = (path: string): WorkspaceFile => {
    const text = texts.get(path);
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'not-found' });
    return { path, kind: 'file', text, size: text.length };
  };
  return {
    log,
    become,
    change,
    answer(next, hold = false) {
      results = next;
      held = hold ? Promise.withResolvers() : undefined;
    },
    release: () => held?.resolve(undefined),
    get state() {
      return state;
    },
    onState(listener) {
      states.add(listener);
      return () => states.delete(listener);
    },
    onChange(listener) {
      changes.add(listener);
      return () => changes.delete(listener);
    },
    async start() {
      log.push('start');
      if (state.kind === 'off') become({ kind: 'running', seconds: 0.8 });
    },
    async takeOver() {
      log.push('takeOver');
      become({ kind: 'running', seconds: 1.1 });
    },
    async openLab(slug) {
      log.push(`open ${slug}`);
      return { slug, editable: ['Dockerfile', 'go.mod'], passed, nonce: {}, steps: {} };
    },
    files: {
      list: async () => [...texts.keys()].map((path) => ({ ...read(path), path })),
      read: async (path) => read(path),
      async write(path, content) {
        texts.set(path, typeof content === 'string' ? content : new TextDecoder().decode(content));
        change({ kind: 'files', paths: [path] });
      },
      makeFolder: () => Promise.resolve(),
      rename: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      zip: () => Promise.resolve(new Uint8Array()),
    },
    async openTerminal(options) {
      const print = (text: string): void => {
        options.onOutput(new TextEncoder().encode(text));
      };
      print('\u001b[32m/workspace\u001b[0m$ ');
      return {
        write(data) {
          log.push(`typed ${JSON.stringify(data)}`);
          print(data.replaceAll('\r', '\r\n\u001b[32m/workspace\u001b[0m$ '));
        },
        resize: () => undefined,
        close: () => undefined,
      };
    },
    async check({ onStart, onResult, signal } = {}): Promise<Report> {
      log.push('check');
      for (const [at, result] of results.entries()) {
        if (result.status !== 'skip') onStart?.(result.id);
        if (at === 1) await Promise.race([held?.promise, aborted(signal)]);
        signal?.throwIfAborted();
        onResult?.(result);
      }
      const has = (status: string): boolean => results.some((one) => one.status === status);
      const status = has('broken') ? 'broken' : has('fail') ? 'fail' : 'pass';
      passed ||= status === 'pass';
      return { status, seconds: 4.6, checks: results };
    },
    async skipStep(id, note) {
      log.push(`skip ${id}`);
      return note === undefined
        ? {}
        : { [id]: { state: 'skipped', at: '2026-11-21T10:00:00Z', note } };
    },
    async solution(spoil) {
      log.push(`solution ${String(spoil)}`);
      if (!passed && !spoil) {
        throw Object.assign(new Error('not yet'), { code: 'not-passed' });
      }
      return [
        { path: 'Dockerfile', kind: 'file', text: SOLUTION, size: SOLUTION.length },
        { path: 'main.go', kind: 'file', text: 'package main\n', size: 13 },
      ];
    },
    images: {
      list: async (): Promise<readonly ImageSummary[]> => IMAGES,
      open: async (name) => found(name),
      files: async (_, __, layer) => (layer === 1 ? FILES.slice(4, 5) : FILES),
      diff: async (from, to) => diffOf(from, to),
    },
    preview: fakePreview(new URL('preview/', location.href.replace(/[?#].*/, '')).href, change),
    progress: {
      read: async () => ({
        lessons: ['o-que-e', 'history'],
        labs: { 'o-que-e': { state: 'passed', at: '2026-11-20T10:00:00Z' } },
        answers: [],
      }),
      note: () => Promise.resolve(),
      export: async () => '{}',
      async import(text) {
        if (text !== '{}') throw Object.assign(new Error('bad'), { code: 'progress-invalid' });
        return { lessons: [], labs: {}, answers: [] };
      },
    },
    async reset(what) {
      log.push(`reset ${what.kind}${what.kind === 'file' ? ` ${what.path}` : ''}`);
      if (what.kind === 'machine') {
        become({ kind: 'starting', stage: 'restoring', bytes: 0, seconds: 0 });
        become({ kind: 'running', seconds: 0.6 });
      }
    },
    async close() {
      log.push('close');
    },
  };
}

/** Never, unless it is aborted. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => {
      resolve();
    });
  });
}

function found(name: string): ImageDetail {
  const one = IMAGES.find(({ id, names }) => id === name || names.includes(name));
  if (!one) throw Object.assign(new Error(name), { code: 'image-unknown' });
  return one;
}

/** Rows are the same when the same made them. */
function diffOf(fromName: string, toName: string): ImageDiff {
  const [from, to] = [found(fromName), found(toName)];
  const row = ({ createdBy, size, layer }: ImageDetail['history'][number]): HistoryRow => ({
    ...{ createdBy, size, comment: '' },
    ...(layer !== undefined && { layer }),
  });
  const isIn = (image: ImageDetail, createdBy: string): boolean =>
    image.history.some((one) => one.createdBy === createdBy);
  const kept = from.history.map((one): HistoryChange => {
    const other = to.history.find(({ createdBy }) => createdBy === one.createdBy);
    return other
      ? { kind: 'same', from: row(one), to: row(other) }
      : { kind: 'removed', from: row(one) };
  });
  const added = to.history
    .filter(({ createdBy }) => !isIn(from, createdBy))
    .map((one): HistoryChange => ({ kind: 'added', to: row(one) }));
  const side = (image: ImageDetail): ImageSide => ({
    // What it was asked for by.
    ...{ name: image.id, id: parseDigest(image.id), platform: image.platform },
    ...{ size: image.size, wasted: 0, shadowed: [] },
  });
  return {
    ...{ from: side(from), to: side(to), identical: from.id === to.id },
    history: [...kept, ...added],
    ...{ layers: [], files: { added: [], removed: [], changed: [] }, config: [] },
    packages: { added: [], removed: [], changed: [] },
  };
}
