import { getEntry, render } from 'astro:content';
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import { fileNameOf, type Language } from '../i18n/languages.ts';

/** The text of a lesson as a component. The one file that knows Astro's collections. */
export async function lessonContent(
  folder: string,
  lang: Language,
): Promise<AstroComponentFactory> {
  const id = `${folder}/${fileNameOf(lang)}.mdx`;
  const entry: unknown = await getEntry('lessons', id);
  if (entry === undefined) throw new Error(`Astro has no lesson ${id}`);
  const rendered: unknown = await render(entry as Parameters<typeof render>[0]);
  return (rendered as { readonly Content: AstroComponentFactory }).Content;
}
