import { z } from 'zod';
import type { CheckResult, Report } from '../../verify/check.ts';
import { LANGUAGES, type Language } from '../../verify/words.ts';

const status = z.enum(['pass', 'fail', 'skip', 'broken']);

const where = z
  .strictObject({
    source: z
      .strictObject({
        file: z.string().describe("A path in the learner's folder."),
        line: z.int().min(1).nullable().describe('From 1.'),
      })
      .nullable(),
    path: z.string().nullable().describe('An absolute path in the image.'),
    layer: z
      .strictObject({
        index: z.int().min(0).describe('From the lowest, which is 0.'),
        diffId: z.string(),
        createdBy: z.string().describe('The instruction that made it.'),
      })
      .nullable(),
  })
  .describe('Where the evidence is; null what is not known.');

/** What `semdistro verify --json` prints. A change that could break a reader needs another `schema`. */
export const reportSchema = z.strictObject({
  schema: z.literal(1),
  lab: z.string().describe('The name of its folder in labs/.'),
  lang: z.enum(LANGUAGES).describe('Of all texts here.'),
  engine: z
    .strictObject({
      kind: z.enum(['embedded', 'docker', 'podman']),
      version: z.string(),
    })
    .nullable()
    .describe('What built and ran it; null when there was none, and then all is broken.'),
  status: z
    .enum(['pass', 'fail', 'broken'])
    .describe('`broken` when a check was, otherwise `fail` when one failed.'),
  seconds: z.number().min(0),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      status: status.describe('`broken` is never the fault of the answer.'),
      expected: z.string().nullable(),
      found: z.string().nullable().describe('For `skip` and `broken`: why.'),
      where: where.nullable(),
      hint: z.string().nullable().describe('The `id` of a hint of the lab.'),
    }),
  ),
});

export type ReportJson = z.infer<typeof reportSchema>;

export function reportJson(
  report: Report,
  about: {
    readonly lab: string;
    readonly language: Language;
    readonly engine: ReportJson['engine'];
    readonly hintOf: (result: CheckResult) => string | undefined;
  },
): ReportJson {
  const { language } = about;
  return {
    ...{ schema: 1, lab: about.lab, lang: language, engine: about.engine, status: report.status },
    seconds: rounded(report.seconds),
    checks: report.checks.map((check) => ({
      ...{ id: check.id, title: check.title[language], status: check.status },
      expected: check.expected?.[language] ?? null,
      found: check.found?.[language] ?? null,
      where: check.where
        ? {
            source: check.where.source
              ? { file: check.where.source.file, line: check.where.source.line ?? null }
              : null,
            path: check.where.path ?? null,
            layer: check.where.layer ?? null,
          }
        : null,
      hint: about.hintOf(check) ?? null,
    })),
  };
}

/** To the millisecond. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** What others validate the output with; written to labs/verify.schema.json. */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    ...{ title: 'semdistro verify --json' },
    description: 'What a verification came to. Made by `npm run labs:schema`.',
    ...z.toJSONSchema(reportSchema, { target: 'draft-7' }),
  };
}
