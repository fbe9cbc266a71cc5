// `npm run bench [-- --only GROUP]`: measures, prints a table, writes .cache/bench.json.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { stderr, stdout, version } from 'node:process';
import { parseArgs } from 'node:util';
import { repository } from '../setup/paths.mjs';
import { groups } from './groups.ts';
import { measureAll } from './report.ts';
import type { Report } from './report.ts';
import { table } from './table.ts';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
  const only = values.only ?? [];
  const unknown = only.find((name) => !groups.some((group) => group.name === name));
  if (unknown !== undefined) {
    stderr.write(`bench: there is no group '${unknown}'. There are:\n`);
    for (const { name, about } of groups) stderr.write(`  ${name}  ${about}\n`);
    return 2;
  }
  const chosen = groups.filter(({ name }) => only.length === 0 || only.includes(name));
  const rows = await measureAll(chosen, ({ id }) => {
    if (stderr.isTTY) stderr.write(`measured ${id}\n`);
  });
  await save({ schema: 1, machine: machine(), date: new Date().toISOString(), rows });
  stdout.write(table(rows));
  return 0;
}

async function save(report: Report): Promise<void> {
  const file = join(repository, '.cache', 'bench.json');
  await mkdir(join(repository, '.cache'), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(report, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

function machine(): string {
  const all = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const system = `${type()} ${release()} ${arch()}`;
  return [`${all.length} × ${all[0]?.model ?? 'unknown'}`, memory, system, `Node ${version}`].join(
    ', ',
  );
}

process.exitCode = await main();
