import { patternMatcher } from '../../engine/dockerfile/pattern-matcher.ts';
import { isObject } from '../../engine/json.ts';
import type { LabContent } from '../../labs/lab.ts';
import { drawNonce, type Nonce } from '../../labs/nonce.ts';
import { isPassed, LONGEST_NOTE, type StepMarks, withPassed } from '../../labs/steps.ts';
import { variantFolder } from '../../labs/variants.ts';
import type { Report } from '../../verify/check.ts';
import type { Folder } from '../../verify/folder.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { Keeper } from '../files/keeper.ts';
import type { KeptFile, KeptFiles } from '../files/kept.ts';
import type { Storage } from '../files/storage.ts';
import type { Workspace } from '../files/workspace.ts';
import type { CheckOptions, LabState, WorkspaceFile } from '../port.ts';
import { textOf } from './file-desk.ts';
import { labNamed, verifierOf } from './labs.ts';
import { later } from './later.ts';
import type { LiveWatch } from './live-lab.ts';
import type { KeptProgress } from './progress.ts';
import type { Room } from './room.ts';

/** What is kept of a lab that was begun, besides its files. */
interface Begun {
  readonly schema: 1;
  /** Values that were drawn for this start. */
  readonly nonce: Nonce;
  readonly started: string;
}

export interface LabDeskOptions {
  readonly storage: Storage;
  readonly workspace: Workspace;
  readonly keeper: Keeper;
  readonly progress: KeptProgress;
  readonly now: () => Date;
  /** All files may be others now. */
  readonly onFiles: (paths: readonly string[]) => void;
  /** Something happened that the checks of the live lab that is open may see. */
  readonly onHappened: () => void;
}

/** One lab is open at a time; its files are the workspace. */
export interface LabDesk {
  open(slug: string): Promise<LabState>;
  /** Rejects with `no-lab`, `too-large`, `interrupted`, `code-unreachable`. */
  check(room: Pick<Room, 'engine' | 'machine'>, options: CheckOptions): Promise<Report>;
  /** Begins to watch what runs, when a live lab is open; once is enough. */
  watch(room: Pick<Room, 'engine' | 'machine'>): Promise<void>;
  skipStep(id: string, note: string | undefined): Promise<StepMarks>;
  solution(spoil: boolean): Promise<readonly WorkspaceFile[]>;
  reset(): Promise<void>;
  resetFile(path: string): Promise<void>;
  /** What is watched is watched no more. */
  close(): Promise<void>;
}

export function labDesk(options: LabDeskOptions): LabDesk {
  const { storage, workspace, keeper, progress, now, onFiles, onHappened } = options;
  let current: { readonly lab: LabContent; readonly nonce: Nonce } | undefined;
  let watching: Promise<LiveWatch> | undefined;
  // One after the other: two that open would mix their files.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
  const opened = (): { readonly lab: LabContent; readonly nonce: Nonce } => {
    if (!current) throw new WorkbenchFailure('no-lab', 'no lab was opened');
    return current;
  };
  const hasPassed = async (slug: string): Promise<boolean> =>
    (await progress.read()).labs[slug]?.state === 'passed';

  async function stateOf({ lab, nonce }: { lab: LabContent; nonce: Nonce }): Promise<LabState> {
    const { slug } = lab;
    const known = (await progress.read()).labs[slug];
    const passed = known?.state === 'passed';
    return { slug, editable: editablePaths(lab), passed, nonce, steps: known?.steps ?? {} };
  }

  const marksOf = async (slug: string): Promise<StepMarks> =>
    (await progress.read()).labs[slug]?.steps ?? {};

  function watchOnce(room: Pick<Room, 'engine' | 'machine'>): Promise<LiveWatch> {
    watching ??= later
      .watching()
      .then(({ watchLive }) => watchLive(room, onHappened))
      .catch((error: unknown) => {
        watching = undefined;
        throw error;
      });
    return watching;
  }

  async function begin(lab: LabContent): Promise<{ nonce: Nonce; files: KeptFiles }> {
    const nonce = drawNonce(lab.manifest, 'start');
    const files = keptFiles(variantFolder(lab, 'start', nonce), now());
    // The record last: files without one are those of a start that did not come to its end.
    await storage.replace(lab.slug, files);
    const started = now().toISOString();
    const begun: Begun = { schema: 1, nonce, started };
    await storage.update(keyOf(lab.slug), () => begun);
    return { nonce, files };
  }

  /** What was kept of it; values that it did not have yet are drawn. */
  async function resumed(lab: LabContent): Promise<{ nonce: Nonce; files: KeptFiles } | undefined> {
    const begun = await storage.document(keyOf(lab.slug));
    if (!isBegun(begun)) return undefined;
    const nonce = { ...drawNonce(lab.manifest, 'start'), ...begun.nonce };
    return { nonce, files: await storage.files(lab.slug) };
  }

  function show(lab: LabContent, { nonce, files }: { nonce: Nonce; files: KeptFiles }): void {
    const gone = workspace.paths();
    keeper.use(undefined);
    workspace.replace(files);
    keeper.use(lab.slug);
    current = { lab, nonce };
    onFiles([...new Set([...gone, ...files.keys()])]);
  }

  return {
    open: (slug) =>
      inTurn(async () => {
        const lab = await labNamed(slug);
        if (current?.lab === lab) return stateOf(current);
        await keeper.flush();
        const found = (await resumed(lab)) ?? (await begin(lab));
        show(lab, found);
        await progress.noteLab(slug, 'started');
        return stateOf({ lab, nonce: found.nonce });
      }),
    async check(room, options) {
      const { slug } = opened().lab;
      const [{ checkLab }, verifier] = await Promise.all([later.checks(), verifierOf(slug)]);
      // What is checked is what there is once that has come.
      const { lab, nonce: drawn } = opened();
      if (lab.slug !== slug) throw new WorkbenchFailure('no-lab', `${slug} was closed`);
      const nonce = { ...drawn, ...drawNonce(lab.manifest, 'run') };
      const watch = lab.manifest.live ? await watchOnce(room) : undefined;
      const report = await checkLab({ lab, verifier, nonce, workspace, watch }, room, options);
      if (watch) {
        const steps = withPassed(await marksOf(slug), report.checks, now().toISOString());
        await progress.noteSteps(slug, steps);
        if (isPassed(verifier.checks, steps)) await progress.noteLab(slug, 'passed');
        return report;
      }
      // A part of the checks may fail a lab, but not pass it.
      const passes = report.status === 'pass' && !options.only && report.checks.length > 0;
      if (passes) await progress.noteLab(lab.slug, 'passed');
      return report;
    },
    async watch(room) {
      if (current?.lab.manifest.live) await watchOnce(room);
    },
    async skipStep(id, note) {
      const { slug } = opened().lab;
      const { [id]: mark, ...others } = await marksOf(slug);
      // What was done stays done.
      if (mark?.state === 'done') return { ...others, [id]: mark };
      const at = now().toISOString();
      const steps: StepMarks =
        note === undefined
          ? others
          : { ...others, [id]: { state: 'skipped', at, note: note.slice(0, LONGEST_NOTE) } };
      await progress.noteSteps(slug, steps);
      return steps;
    },
    async solution(spoil) {
      const { lab, nonce } = opened();
      if (!spoil && !(await hasPassed(lab.slug))) {
        throw new WorkbenchFailure('not-passed', `${lab.slug} was not passed yet`);
      }
      const files = [...variantFolder(lab, 'solution', nonce)];
      return files.map(([path, { bytes }]) => {
        const text = textOf(bytes);
        const file = { path, kind: 'file', size: bytes.length } as const;
        return { ...file, ...(text !== undefined && { text }) };
      });
    },
    reset: () =>
      inTurn(async () => {
        const { lab } = opened();
        // What is still to be kept is of files that go.
        await keeper.flush().catch(() => undefined);
        show(lab, await begin(lab));
        if (lab.manifest.live) await progress.noteSteps(lab.slug, {});
      }),
    resetFile: (path) =>
      inTurn(async () => {
        const { lab, nonce } = opened();
        const file = variantFolder(lab, 'start', nonce).get(path);
        if (!file) throw new WorkbenchFailure('file-missing', `the lab gives out no ${path}`);
        workspace.write(path, file.bytes);
        await keeper.flush();
      }),
    async close() {
      const ending = watching;
      watching = undefined;
      await (await ending?.catch(() => undefined))?.close();
    },
  };
}

function isBegun(document: unknown): document is Begun {
  if (!isObject(document) || document['schema'] !== 1) return false;
  const { nonce, started } = document;
  if (!isObject(nonce) || typeof started !== 'string') return false;
  return Object.values(nonce).every((value) => typeof value === 'string');
}

const keyOf = (slug: string): string => `lab ${slug}`;

/** Of what the lab gives out, and what it names though it gives out none. */
function editablePaths({ manifest, start }: LabContent): readonly string[] {
  const matcher = patternMatcher(manifest.edit);
  const named = manifest.edit.filter((pattern) => !/[*?[\]!\\]/.test(pattern));
  const given = [...start.keys()].filter((path) => matcher.match(path).matched);
  return [...new Set([...given, ...named])].sort();
}

function keptFiles(folder: Folder, at: Date): KeptFiles {
  const files = new Map<string, KeptFile>();
  for (const [path, { bytes, executable }] of [...folder].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const names = path.split('/').slice(0, -1);
    for (const [depth] of names.entries()) {
      files.set(names.slice(0, depth + 1).join('/'), { kind: 'dir', mode: 0o755 });
    }
    const mode = executable ? 0o755 : 0o644;
    files.set(path, { kind: 'file', bytes, mode, mtime: at.getTime() / 1000 });
  }
  return files;
}
