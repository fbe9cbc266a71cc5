import { join } from 'node:path';
import { build } from 'esbuild';
import { REPOSITORY } from '../curriculum/repository.ts';

/**
 * The two scripts of previews that are no part of the workbench's page: the service worker, which
 * must be at the site's root to answer below it, and the script that runs in a previewed page.
 */
const ENTRIES = {
  'preview-worker.js': 'src/workbench/preview/service-worker.ts',
  'preview-page.js': 'src/workbench/preview/page-script.ts',
} as const;

export type PreviewScript = keyof typeof ENTRIES;

export async function previewScript(name: PreviewScript): Promise<Uint8Array<ArrayBuffer>> {
  const { outputFiles } = await build({
    entryPoints: [join(REPOSITORY, ENTRIES[name])],
    ...{ bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'silent' },
    // No module: it runs before anything else of its page, and in every browser's service worker.
    ...{ format: 'iife', platform: 'browser', target: 'es2022' },
  });
  return new Uint8Array(outputFiles[0]?.contents ?? []);
}
