import { embeddedEngine } from '../../adapters/embedded/engine.ts';
import type { LabContent } from '../../labs/lab.ts';
import type { Nonce } from '../../labs/nonce.ts';
import { plantedFiles } from '../../labs/variants.ts';
import type { Report, Verifier } from '../../verify/check.ts';
import type { Engine } from '../../verify/engine.ts';
import { withFiles } from '../../verify/folder.ts';
import { verify } from '../../verify/runner.ts';
import type { Workspace } from '../files/workspace.ts';
import type { CheckOptions } from '../port.ts';
import { readAnswer } from './answer.ts';
import type { LiveWatch } from './live-lab.ts';
import type { Room } from './room.ts';

/** What is checked, against what. */
export interface Checked {
  readonly lab: LabContent;
  readonly verifier: Verifier;
  /** All of this run's values. */
  readonly nonce: Nonce;
  readonly workspace: Pick<Workspace, 'view'>;
  /** What is watched, of a live lab. */
  readonly watch?: Pick<LiveWatch, 'engine'> | undefined;
}

/** Runs a lab's checks on the workspace. Rejects with EngineTrouble `too-large`, `interrupted`. */
export async function checkLab(
  { lab, verifier, nonce, workspace, watch }: Checked,
  { engine, machine }: Pick<Room, 'engine' | 'machine'>,
  { only, onStart, onResult, signal }: CheckOptions,
): Promise<Report> {
  const answer = await readAnswer(await workspace.view(), lab);
  const folder = withFiles(answer, plantedFiles(lab, nonce));
  const run = (port: Engine): Promise<Report> =>
    verify(verifier, {
      ...{ engine: port, folder, nonce },
      ...(only && { only }),
      ...(signal && { signal }),
      ...(onResult && { onResult }),
      onStart: ({ id }) => onStart?.(id),
    });
  // What only looks makes nothing that would have to be cleared away, and is done again and again.
  const looks = verifier.checks.filter(({ live }) => live).map(({ id }) => id);
  if (watch && only?.every((id) => looks.includes(id))) return run(watch.engine);
  const port = await embeddedEngine({ engine, machine });
  try {
    return await run(watch ? { ...port, live: () => watch.engine.live() } : port);
  } finally {
    await port.close();
  }
}
