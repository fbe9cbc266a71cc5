import process, { stdout } from 'node:process';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { labSlugs, loadLab } from '../cli/labs/find.ts';
import { casesOf, type ProofCase } from '../cli/labs/proof.ts';
import type { ProofEngine } from '../cli/labs/proof-engines.ts';
import { proveCase } from '../cli/labs/proof-run.ts';
import { proofTable, type ProofRow } from '../cli/labs/proof-table.ts';
import { limiter } from '../engine/limiter.ts';
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
 * Seconds that the built-in engine took for a lab's proof, to the ten, where that is more than a
 * minute. A lab that is missing here is proved all the same; two files only share the work less evenly.
 */
const LONG: Readonly<Record<string, number>> = {
  nodejs: 120,
  'tipos-de-imagem': 170,
  giropops: 80,
  'go-static': 130,
  python: 110,
  seguranca: 70,
};
const SHORT = 30;

/** One of the two lists into which labs are cut, so that both take about as long. */
export function halfOf<T extends { readonly slug: string }>(
  labs: readonly T[],
  half: 0 | 1,
): readonly T[] {
  const seconds = ({ slug }: T): number => LONG[slug] ?? SHORT;
  const halves: readonly [T[], T[]] = [[], []];
  const sums: [number, number] = [0, 0];
  for (const lab of labs.toSorted((a, b) => seconds(b) - seconds(a))) {
    const lighter = sums[0] <= sums[1] ? 0 : 1;
    halves[lighter].push(lab);
    sums[lighter] += seconds(lab);
  }
  return halves[half];
}

/**
 * Labs whose wrong answers take the built-in engine ten minutes and more, since every one of them starts
 * servers. `npm test` verifies those on a Docker, and in the machine start and solution once; `npm run labs`
 * does everything on every engine.
 */
const WRONG_IS_LONG: ReadonlySet<string> = new Set([
  ...['debug-com-busybox', 'debug-sem-tocar', 'giropops', 'nodejs'],
]);
const LEFT_OUT = 'takes too long in the machine: npm run labs -- --engine embedded';

interface ProofOptions {
  readonly open: () => Promise<ProofEngine>;
  /** Why there is no such engine here. */
  readonly reason: string | undefined;
  /** Half of the labs only: two test files can share a proof that takes long. */
  readonly half?: 0 | 1;
  /** Answers of a lab that are verified at the same time; 1 when missing. */
  readonly together?: number;
  /** Wrong answers are verified once instead of twice; of labs that take long no wrong ones, and the others once. */
  readonly quick?: boolean;
}

/**
 * A test for each answer of each lab, on one engine for a lab: what one answer built the next finds in
 * the cache.
 */
export async function describeProof(
  kind: Engine['kind'],
  { open, reason, half, together = 1, quick = false }: ProofOptions,
): Promise<void> {
  const required = `SEMDISTRO_TEST_${kind === 'embedded' ? 'MACHINE' : 'DOCKER'}_REQUIRED`;
  if (reason !== undefined && process.env[required]) throw new Error(`${required}: ${reason}`);
  const all = await repositoryLabs();
  const labs = half === undefined ? all : halfOf(all, half);
  const inTurn = limiter(together);
  describe(`labs on ${kind}`, () => {
    const rows = new Map<ProofCase, ProofRow>();
    const cases: ProofCase[] = [];
    afterAll(() => {
      const inOrder = cases.flatMap((one) => rows.get(one) ?? []);
      if (inOrder.length > 0) stdout.write(`\n${proofTable(inOrder, [kind])}`);
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
          cases.push(one);
          // What a session makes has the lab's ports, of which an engine has one each.
          const concurrent = together > 1 && lab.manifest.session === undefined;
          const options = { timeout: SLOW, concurrent };
          const isWrong = one.name.startsWith('wrong/');
          const isLong = WRONG_IS_LONG.has(slug);
          const once = quick && (isWrong || isLong);
          const isLeftOut = quick && isWrong && isLong;
          it(`${slug} ${one.name}`, options, async ({ skip, signal, expect }) => {
            if (!engine) return skip(reason);
            if (isLeftOut) return skip(LEFT_OUT);
            const there = engine;
            const runs = await inTurn(() => proveCase(lab, one, there, { once, signal }));
            const problems = runs.flatMap((run) => run.problems);
            const seconds = runs.map(({ report }) => report.seconds);
            const cells = new Map([[kind, { seconds, problems }]]);
            rows.set(one, { lab: slug, name: one.name, cells });
            expect(problems).toEqual([]);
          });
        }
      });
    }
  });
}
