/**
 * The workbench as a page has it: editor, terminal, checks, images, solution. It knows the workbench
 * by `port.ts` alone; how engine and machine are started is src/workbench/client.ts.
 */
import { mountDiff, mountEditor } from '../../editor/index.ts';
import { href } from '../../i18n/href.ts';
import { mountTerminal } from '../../terminal/index.ts';
import { openWorkbench, type WorkbenchOptions } from '../client.ts';
import type { Workbench } from '../port.ts';
import { type BenchOptions, mountBench, type MountedWorkbench } from './mount.ts';

export type { MountedWorkbench } from './mount.ts';
export type { NextStep } from './next-steps.ts';

export type MountOptions = BenchOptions & Pick<WorkbenchOptions, 'urls'>;

/** Draws the workbench into an element, whose size it takes, and starts it. */
export function mountWorkbench(
  element: HTMLElement,
  { urls, ...options }: MountOptions,
  open: (options: WorkbenchOptions) => Workbench = openWorkbench,
): MountedWorkbench {
  const { lang } = options;
  return mountBench(element, options, open({ urls, lang }), {
    ...{ mountEditor, mountTerminal, mountDiff },
    address: (page) => href(lang, page),
    previews: urls.preview,
  });
}
