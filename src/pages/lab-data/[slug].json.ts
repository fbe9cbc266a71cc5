import type { APIContext } from 'astro';
import { curriculum } from '../../curriculum/curriculum.ts';
import { labData } from '../../curriculum/labs.ts';

export async function getStaticPaths(): Promise<{ params: { slug: string } }[]> {
  return [...(await curriculum()).labs.keys()].map((slug) => ({ params: { slug } }));
}

/** A lab's `LabData`. */
export async function GET({ params }: APIContext): Promise<Response> {
  const { labs, lessons } = await curriculum();
  const lab = labs.get(params['slug'] ?? '');
  if (lab === undefined) return new Response(null, { status: 404 });
  const lesson = lessons.find(({ number }) => number === lab.manifest.lesson);
  return Response.json(labData(lab, lesson?.slug));
}
