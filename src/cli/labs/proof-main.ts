// `npm run labs [-- --lab SLUG --engine KIND --case NAME --once]`: the labs prove themselves.

import process, { stdout, stderr } from 'node:process';
import { parseArgs } from 'node:util';
import { EngineError } from '../../engine/errors.ts';
import type { Lab } from '../../labs/lab.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import { ENGINE_WISHES } from './desk.ts';
import { labSlugs, loadLab } from './find.ts';
import { lintLab, pantryNames } from './proof-lint.ts';
import { openProofEngine, type ProofEngine } from './proof-engines.ts';
import { runProof } from './proof-run.ts';
import { proofTable } from './proof-table.ts';

const USAGE = `npm run labs -- [--lab SLUG]… [--engine docker|podman|embedded]… [--case NAME]… [--once]

Every answer of every lab on every engine: start/ and wrong/* must fail where lab.yaml says, solution/
must pass; twice, with other random values. --case is start, solution or wrong/NAME.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      lab: { type: 'string', multiple: true },
      engine: { type: 'string', multiple: true },
      case: { type: 'string', multiple: true },
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    stdout.write(USAGE);
    return 0;
  }
  const asked = values.engine ?? ['docker', 'embedded'];
  const wishes = ENGINE_WISHES.filter((wish) => asked.includes(wish));
  const unknown = asked.find((one) => !ENGINE_WISHES.some((wish) => wish === one));
  if (unknown !== undefined) throw new EngineError('usage', `there is no engine ${unknown}`);
  const { labs, faults } = await load(values.lab ?? (await labSlugs()));
  for (const fault of faults) stdout.write(`${fault}\n`);
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
  });
  const engines = new Map<string, ProofEngine>();
  try {
    for (const wish of wishes) {
      const engine = await openProofEngine(wish).catch((error: unknown) => {
        // What was not asked for by name is left out, and said.
        if (!(error instanceof EngineTrouble) || values.engine) throw error;
        stdout.write(`${wish} is left out: ${error.message}\n`);
        return undefined;
      });
      if (engine) engines.set(wish, engine);
    }
    const rows = await runProof({
      ...{ labs, engines, cases: values.case, once: values.once, signal: interrupt.signal },
      onCase: (engine, lab, { name }, { seconds, problems }) => {
        const times = seconds.map((value) => `${value.toFixed(1)} s`).join(', ');
        stdout.write(`${engine}  ${lab.slug}  ${name}  ${times}\n`);
        for (const problem of problems) stdout.write(`    ${problem}\n`);
      },
    });
    if (rows.length === 0 || engines.size === 0) {
      stdout.write('nothing was proved\n');
      return 1;
    }
    stdout.write(`\n${proofTable(rows, [...engines.keys()])}`);
    for (const fault of faults) stdout.write(`${fault}\n`);
    const wrong = rows.some(({ cells }) => [...cells.values()].some((cell) => cell.problems[0]));
    return wrong || faults.length > 0 ? 1 : 0;
  } finally {
    for (const engine of engines.values()) await engine.close();
  }
}

/** Labs that can be proved, and what is wrong with them before anything is run. */
async function load(
  slugs: readonly string[],
): Promise<{ readonly labs: readonly Lab[]; readonly faults: readonly string[] }> {
  const labs: Lab[] = [];
  const faults: string[] = [];
  const names = await pantryNames();
  for (const slug of slugs) {
    try {
      const lab = await loadLab(slug);
      labs.push(lab);
      faults.push(...lintLab(lab, (name) => names.has(name)).map((fault) => `${slug}: ${fault}`));
    } catch (error) {
      const said = error instanceof EngineError ? error.message : String(error);
      faults.push(`${slug}: ${said}`);
    }
  }
  return { labs, faults };
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof EngineTrouble || error instanceof EngineError)) throw error;
  stderr.write(`labs: ${error.message}\n`);
  process.exitCode = 2;
}
