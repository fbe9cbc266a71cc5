import { z } from 'zod';

const said = z.string().trim().min(1, 'must not be empty');

const words = z.strictObject({ 'pt-BR': said, en: said });

/** YAML has no type for it that survives a time zone: it stays text. */
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date like 2026-11-21');

const slug = z
  .string()
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'must be lower case words joined by hyphens');

/** What a lesson says of itself, between the lines `---`. */
export const frontmatterSchema = z.strictObject({
  lesson: z.int().min(1).max(99),
  title: said,
  question: said,
  description: said.max(155, 'must be at most 155 characters: search engines cut what is longer'),
  labs: z.array(slug),
  workspace: said.optional(),
  sources: z.array(z.strictObject({ title: said, url: z.url(), date: day })),
  original: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the sha256 of pt-br.mdx')
    .optional(),
});

export type Frontmatter = z.infer<typeof frontmatterSchema>;

export const termSchema = z.strictObject({
  id: slug,
  term: words,
  short: words,
  see: z.array(slug).default([]),
});

/** An entry of the glossary. */
export type Term = z.infer<typeof termSchema>;

export const historySchema = z.strictObject({
  id: slug,
  image: said,
  title: words,
  source: said,
  date: day,
  /** Which of Docker's stores counted the sizes. */
  store: z.enum(['containerd', 'overlay2']).optional(),
  /** Newest first, as Docker prints. */
  rows: z
    .array(
      z.strictObject({
        created: said,
        createdBy: z.string(),
        size: z.string().regex(/^\d+(?:\.\d+)?(?:B|kB|MB|GB)$/, 'must be a size as Docker prints'),
        comment: z.string().optional(),
      }),
    )
    .min(1),
});

/** A recorded listing of `docker history`. */
export type History = z.infer<typeof historySchema>;
