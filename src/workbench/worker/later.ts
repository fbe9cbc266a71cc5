import { fetched } from './fetched.ts';
import { verifierOf } from './labs.ts';

/**
 * Parts of the worker that a start does without: each is fetched when it is first asked for, or
 * after the start, before anybody asks. Reject with WorkbenchFailure `code-unreachable`.
 */
export const later = {
  /** What answers `docker`. */
  docker: () => fetched(() => import('../../shell/answer-docker.ts')),
  /** What runs a lab's checks. */
  checks: () => fetched(() => import('./lab-check.ts')),
  /** What watches the containers of a live lab. */
  watching: () => fetched(() => import('./live-lab.ts')),
  /** What shows images to the page. */
  images: () => fetched(() => import('./images.ts')),
  /** What answers pages of learners' servers. */
  preview: () => fetched(() => import('./preview-desk.ts')),
  /** What saves containers that run when the workbench ends. */
  stopping: () => fetched(() => import('../../engine/containers/shutdown.ts')),
  /** What empties the store. */
  emptying: () => fetched(() => import('./empty-store.ts')),
};

/**
 * Fetches them all, and a lab's checks, so that a connection that is lost later takes nothing away.
 * What does not come is told when it is asked for.
 */
export function fetchLater(lab: string | undefined): void {
  const parts = [...Object.values(later), ...(lab === undefined ? [] : [() => verifierOf(lab)])];
  for (const part of parts) part().catch(() => undefined);
}
