import { defineCollection } from 'astro/content/config';
import { glob } from 'astro/loaders';

/** Astro only renders the text: what is in it is read and checked by src/curriculum. */
export const collections = {
  lessons: defineCollection({
    loader: glob({
      pattern: '*/*.mdx',
      base: './content/lessons',
      generateId: ({ entry }) => entry,
    }),
  }),
};
