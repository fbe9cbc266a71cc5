import { embeddedEngine } from '../../adapters/embedded/engine.ts';
import { patternMatcher } from '../../engine/dockerfile/pattern-matcher.ts';
import type { Lab } from '../../labs/lab.ts';
import { drawNonce, type Nonce } from '../../labs/nonce.ts';
import { plantedFiles, variantFolder } from '../../labs/variants.ts';
import { z } from 'zod';
import type { Report } from '../../verify/check.ts';
import { type Folder, withFiles } from '../../verify/folder.ts';
import { verify } from '../../verify/runner.ts';
import { WorkbenchFailure } from '../failure.ts';
import type { Keeper } from '../files/keeper.ts';
import type { KeptFile, KeptFiles } from '../files/kept.ts';
import type { Storage } from '../files/storage.ts';
import type { Workspace } from '../files/workspace.ts';
import type { CheckOptions, LabState, WorkspaceFile } from '../port.ts';
import { readAnswer } from './answer.ts';
import { textOf } from './file-desk.ts';
import { labNamed } from './labs.ts';
import type { KeptProgress } from './progress.ts';
import type { Room } from './room.ts';

/** What is kept of a lab that was begun, besides its files. */
const begunSchema = z.object({
  schema: z.literal(1),
  /** Values that were drawn for this start. */
  nonce: z.record(z.string(), z.string()),
  started: z.string(),
});

export interface LabDeskOptions {
  readonly storage: Storage;
  readonly workspace: Workspace;
  readonly keeper: Keeper;
  readonly progress: KeptProgress;
  readonly now: () => Date;
  /** All files may be others now. */
  readonly onFiles: (paths: readonly string[]) => void;
}

/** One lab is open at a time; its files are the workspace. */
export interface LabDesk {
  open(slug: string): Promise<LabState>;
  /** Rejects with `no-lab`, `too-large`, `interrupted`. */
  check(room: Pick<Room, 'engine' | 'machine'>, options: CheckOptions): Promise<Report>;
  solution(spoil: boolean): Promise<readonly WorkspaceFile[]>;
  reset(): Promise<void>;
  resetFile(path: string): Promise<void>;
}

export function labDesk(options: LabDeskOptions): LabDesk {
  const { storage, workspace, keeper, progress, now, onFiles } = options;
  let current: { readonly lab: Lab; readonly nonce: Nonce } | undefined;
  // One after the other: two that open would mix their files.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
  const opened = (): { readonly lab: Lab; readonly nonce: Nonce } => {
    if (!current) throw new WorkbenchFailure('no-lab', 'no lab was opened');
    return current;
  };
  const hasPassed = async (slug: string): Promise<boolean> =>
    (await progress.read()).labs[slug]?.state === 'passed';

  async function stateOf({ lab, nonce }: { lab: Lab; nonce: Nonce }): Promise<LabState> {
    const { slug } = lab;
    return { slug, editable: editablePaths(lab), passed: await hasPassed(slug), nonce };
  }

  async function begin(lab: Lab): Promise<{ nonce: Nonce; files: KeptFiles }> {
    const nonce = drawNonce(lab.manifest, 'start');
    const files = keptFiles(variantFolder(lab, 'start', nonce), now());
    // The record last: files without one are those of a start that did not come to its end.
    await storage.replace(lab.slug, files);
    const started = now().toISOString();
    await storage.update(keyOf(lab.slug), () => ({ schema: 1, nonce, started }));
    return { nonce, files };
  }

  /** What was kept of it; values that it did not have yet are drawn. */
  async function resumed(lab: Lab): Promise<{ nonce: Nonce; files: KeptFiles } | undefined> {
    const { data } = begunSchema.safeParse(await storage.document(keyOf(lab.slug)));
    if (!data) return undefined;
    const nonce = { ...drawNonce(lab.manifest, 'start'), ...data.nonce };
    return { nonce, files: await storage.files(lab.slug) };
  }

  function show(lab: Lab, { nonce, files }: { nonce: Nonce; files: KeptFiles }): void {
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
        const lab = labNamed(slug);
        if (current?.lab === lab) return stateOf(current);
        await keeper.flush();
        const found = (await resumed(lab)) ?? (await begin(lab));
        show(lab, found);
        await progress.noteLab(slug, 'started');
        return stateOf({ lab, nonce: found.nonce });
      }),
    async check({ engine, machine }, { only, onStart, onResult, signal }) {
      const { lab, nonce: drawn } = opened();
      const nonce = { ...drawn, ...drawNonce(lab.manifest, 'run') };
      const folder = withFiles(
        await readAnswer(await workspace.view(), lab),
        plantedFiles(lab, nonce),
      );
      const port = await embeddedEngine({ engine, machine });
      let report: Report;
      try {
        report = await verify(lab.verifier, {
          ...{ engine: port, folder, nonce },
          ...(only && { only }),
          ...(signal && { signal }),
          ...(onResult && { onResult }),
          onStart: ({ id }) => onStart?.(id),
        });
      } finally {
        await port.close();
      }
      // A part of the checks may fail a lab, but not pass it.
      const passes = report.status === 'pass' && !only && report.checks.length > 0;
      if (passes) await progress.noteLab(lab.slug, 'passed');
      return report;
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
      }),
    resetFile: (path) =>
      inTurn(async () => {
        const { lab, nonce } = opened();
        const file = variantFolder(lab, 'start', nonce).get(path);
        if (!file) throw new WorkbenchFailure('file-missing', `the lab gives out no ${path}`);
        workspace.write(path, file.bytes);
        await keeper.flush();
      }),
  };
}

const keyOf = (slug: string): string => `lab ${slug}`;

/** Of what the lab gives out, and what it names though it gives out none. */
function editablePaths({ manifest, start }: Lab): readonly string[] {
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
