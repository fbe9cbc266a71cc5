import { join } from 'node:path';
import { readGlossary, readHistories } from './collections.ts';
import { ContentError, type Fault, refuse } from './faults.ts';
import { readLabs } from './labs.ts';
import { readLessons } from './lesson.ts';
import { referenceFaults, type Targets } from './references.ts';
import { REPOSITORY } from './repository.ts';
import { standInNames } from './stand-ins.ts';

/** Lessons, labs, glossary, histories: read, ordered, and linked without a loose end. */
export type Curriculum = Targets;

/**
 * Reads content/ and labs/ below `root`. Rejects with a ContentError of everything that is wrong, each with
 * file, line and what to do; with EngineError `lab-invalid` where a lab is. What is `given` is not read.
 */
export async function readCurriculum(
  root = REPOSITORY,
  given: Partial<Pick<Targets, 'labs' | 'images'>> = {},
): Promise<Curriculum> {
  const [labs, images, ...rest] = await Promise.allSettled([
    given.labs ?? readLabs(join(root, 'labs')),
    given.images ?? standInNames(),
    readLessons(root),
    readGlossary(root),
    readHistories(root),
  ]);
  const [lessons, glossary, histories] = rest;
  refuse(rest.flatMap(faultsOf));
  const targets: Targets = {
    ...{ lessons: valueOf(lessons), labs: valueOf(labs), images: valueOf(images) },
    ...{ glossary: valueOf(glossary), histories: valueOf(histories) },
  };
  refuse(referenceFaults(targets));
  return targets;
}

let read: Promise<Curriculum> | undefined;

/** The repository's, read once: what the pages are made of. */
export function curriculum(): Promise<Curriculum> {
  return (read ??= readCurriculum());
}

function faultsOf(result: PromiseSettledResult<unknown>): readonly Fault[] {
  if (result.status === 'fulfilled') return [];
  if (result.reason instanceof ContentError) return result.reason.faults;
  throw result.reason;
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'fulfilled') return result.value;
  throw result.reason;
}
