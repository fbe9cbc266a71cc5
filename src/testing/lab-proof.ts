import process, { stdout } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labSlugs, loadLab } from '../cli/labs/find.ts';
import { casesOf } from '../cli/labs/proof.ts';
import type { ProofEngine } from '../cli/labs/proof-engines.ts';
import { proveCase } from '../cli/labs/proof-run.ts';
import { proofTable, type ProofRow } from '../cli/labs/proof-table.ts';
import type { Lab } from '../labs/lab.ts';
import type { Engine } from '../verify/engine.ts';

/** Two verifications with a compiler in them, in a machine that emulates its processor. */
const SLOW = 900_000;
/** A Docker's stand-ins are built and loaded where they are not: that is minutes, once. */
const FIRST = 900_000;

/** Every lab of the repository, or why it is none. New ones are found by themselves. */
export async function repositoryLabs(): Promise<
  readonly { readonly slug: string; readonly lab: Lab | undefined; readonly error: unknown }[]
> {
  return Promise.all(
    (await labSlugs()).map((slug) =>
      loadLab(slug).then(
        (lab) => ({ slug, lab, error: undefined }),
        (error: unknown) => ({ slug, lab: undefined, error }),
      ),
    ),
  );
}

/**
 * A test for each answer of each lab, on one engine for a lab: what one answer built the next finds in
 * the cache. `reason` says why there is no such engine here. `half` takes every other lab, so that two
 * test files can share a proof that takes long.
 */
export async function describeProof(
  kind: Engine['kind'],
  {
    open,
    reason,
    half,
  }: {
    readonly open: () => Promise<ProofEngine>;
    readonly reason: string | undefined;
    readonly half?: 0 | 1;
  },
): Promise<void> {
  const required = `SEMDISTRO_TEST_${kind === 'embedded' ? 'MACHINE' : 'DOCKER'}_REQUIRED`;
  if (reason !== undefined && process.env[required]) throw new Error(`${required}: ${reason}`);
  const labs = (await repositoryLabs()).filter(
    (_, index) => half === undefined || index % 2 === half,
  );
  describe(`labs on ${kind}`, () => {
    const rows: ProofRow[] = [];
    afterAll(() => {
      if (rows.length > 0) stdout.write(`\n${proofTable(rows, [kind])}`);
    });
    for (const { slug, lab } of labs) {
      // That it cannot be read is another test's failure. A playground has nothing to prove.
      if (lab === undefined || casesOf(lab).length === 0) continue;
      describe(slug, () => {
        // One for each lab: none depends on what another left.
        let engine: ProofEngine | undefined;
        beforeAll(async () => {
          if (reason === undefined) engine = await open();
        }, FIRST);
        afterAll(async () => {
          await engine?.close();
        }, SLOW);
        for (const one of casesOf(lab)) {
          it(`${slug} ${one.name}`, { timeout: SLOW }, async ({ skip, signal }) => {
            if (!engine) return skip(reason);
            const runs = await proveCase(lab, one, engine, { once: false, signal });
            const problems = runs.flatMap((run) => run.problems);
            const seconds = runs.map(({ report }) => report.seconds);
            rows.push({
              ...{ lab: slug, name: one.name, cells: new Map([[kind, { seconds, problems }]]) },
            });
            expect(problems).toEqual([]);
          });
        }
      });
    }
  });
}
