import { z } from 'zod';

/**
 * What a lab.yaml may say, strictly: an unknown key is an error. The description of a field is what
 * `labs/lab.schema.json` shows in an editor, and what an error message adds to what is wrong.
 */

const said = (what: string): z.ZodString =>
  z.string().trim().min(1, 'must not be empty').describe(what);

/** A text in every language of the workshop. */
const words = z.strictObject({
  'pt-BR': said('In Brazilian Portuguese, the original.'),
  en: said('In English: a full translation of the Portuguese.'),
});

const kebab = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower case words joined by hyphens');

const path = z
  .string()
  .regex(
    /^(?!\/)(?:(?!\.{1,2}(?:\/|$))[^/\0]+(?:\/|$))+(?<!\/)$/,
    'must be a path relative to start/, with / and without ".." in it',
  );

const checkId = kebab.describe('The `id` of a check in verify.ts.');

const per = z
  .enum(['run', 'start'])
  .default('run')
  .describe(
    '`run`: another value at every verification. `start`: one value for a folder made by `semdistro start`.',
  );

const nonce = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('word').describe('A word like caju-4f1a.'), per }),
    z.strictObject({ kind: z.literal('port').describe('A port from 20000 to 29999.'), per }),
    z.strictObject({ kind: z.literal('token').describe('32 hex digits.'), per }),
    z.strictObject({
      kind: z
        .literal('shuffle')
        .describe('`of` in another order: {{name.1}} is the first, and so on.'),
      of: z.array(said('One of the values.')).min(2).describe('What is put in another order.'),
      per,
    }),
  ],
  { error: 'must have a `kind`: word, port, token or shuffle' },
);

/** `{{name}}`, also with the `.1` of a shuffled list. */
const nonceName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'must be lower case letters, digits and _: {{name}} stands for it');

const says = z
  .union([said('The same in both languages.'), words], {
    error: "must be a text, or one in each language: { 'pt-BR': …, en: … }",
  })
  .describe('A fragment of what the failing check says under `expected` or `found`.');

const wrong = z.strictObject({
  check: checkId.describe('The `id` of the check at which it fails, every earlier one passing.'),
  says,
  about: words.describe('What is wrong about it, and who does that: one sentence.'),
  over: z
    .enum(['solution', 'start'])
    .default('solution')
    .describe('What the files of wrong/<name>/ are laid over.'),
  remove: z.array(path).default([]).describe('Files that this answer does not have.'),
});

export const manifestSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  lesson: z
    .int()
    .min(1)
    .max(99)
    .optional()
    .describe('Number of the lesson that it belongs to; none for a playground.'),
  title: words.describe('Its name in lists.'),
  goal: words.describe('What the learner makes, in two or three short sentences.'),
  difficulty: z.literal([1, 2, 3]).describe('1 easy, 2 takes thought, 3 hard.'),
  minutes: z.int().min(1).max(240).describe('How long it takes somebody who read the lesson.'),
  edit: z
    .array(said('A pattern as in a .dockerignore.'))
    .min(1)
    .describe('What the learner edits: patterns as in a .dockerignore, relative to start/.'),
  engine: z
    .strictObject({
      processes: z
        .boolean()
        .describe('Whether containers or RUN are needed; false when images alone are enough.'),
      images: z
        .array(said('As it is after FROM.'))
        .describe('Base images of solution/ and of what the checks start.'),
    })
    .describe('What it asks of an engine.'),
  live: z
    .literal(true)
    .optional()
    .describe(
      'Its checks are steps: confirmed as soon as they are done, without being asked, and for good. Those with `live` in verify.ts are looked at whenever something happens in the engine, the others after a save.',
    ),
  nonce: z
    .record(nonceName, nonce)
    .default({})
    .describe('Random values, so that an answer copied from somebody else fails.'),
  plant: z
    .record(path, z.string())
    .default({})
    .describe(
      "Files written over the context of every build of a verification, {{name}} replaced. The learner's folder never has them.",
    ),
  templates: z
    .array(path)
    .default([])
    .describe(
      'Files of start/, solution/ and wrong/ in which {{name}} (`per: start`) is replaced.',
    ),
  session: path
    .optional()
    .describe(
      'A shell script of solution/ and wrong/*: what somebody types who has that answer, beside editing files. The proof runs it, then verifies, then removes what has a `per: start` word in its name; so everything that it makes must have one.',
    ),
  hints: z
    .array(
      z.strictObject({
        id: kebab.describe('Unique in the lab.'),
        check: checkId.describe('The `id` of the check that it helps with.'),
        text: words.describe('What is wrong or where to look; never the line to paste.'),
      }),
    )
    .default([])
    .describe('In the order in which they are given.'),
  start: z
    .strictObject({ check: checkId.describe('The `id` of the check.'), says })
    .optional()
    .describe('Where start/ fails first, as it is given out. Needed as soon as there are checks.'),
  solution: z
    .strictObject({
      remove: z.array(path).min(1).describe('Files of start/ that the solution does not have.'),
    })
    .optional()
    .describe('Only when the solution takes files away.'),
  wrong: z
    .record(kebab, wrong)
    .default({})
    .describe('Wrong answers: one per folder in wrong/, by its name.'),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** How one random value is made. */
export type NonceKind = z.infer<typeof nonce>;

/** A text in both languages, or one that is the same in both. */
export type Says = z.infer<typeof says>;

/** What editors validate a lab.yaml with; written to labs/lab.schema.json. */
export function manifestJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    ...{ title: 'lab.yaml', description: 'A lab of Sem Distro. Made by `npm run labs:schema`.' },
    ...z.toJSONSchema(manifestSchema, { io: 'input', target: 'draft-7' }),
  };
}
