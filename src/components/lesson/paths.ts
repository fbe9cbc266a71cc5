import { curriculum } from '../../curriculum/curriculum.ts';

type Paths = { readonly params: { readonly slug: string } }[];

export async function lessonPaths(): Promise<Paths> {
  return (await curriculum()).lessons.map(({ slug }) => ({ params: { slug } }));
}

/** Of the labs that belong to a lesson: the playground has a page of its own name. */
export async function labPaths(): Promise<Paths> {
  const { labs } = await curriculum();
  return [...labs]
    .filter(([, { manifest }]) => manifest.lesson !== undefined)
    .map(([slug]) => ({ params: { slug } }));
}
