import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { pinnedNode, repository } from '../setup/paths.mjs';

/** Has the command report its own peak on file descriptor 3 as it exits (in kB, as Linux counts). */
const REPORT = [
  "import { writeSync } from 'node:fs';",
  "process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));",
].join('');

/** Runs `semdistro ARGS…` with a store of its own. Rejects when it fails. */
export async function semdistro(home: string, args: readonly string[]): Promise<void> {
  await run(home, [], args);
}

/** The same; resolves to the largest resident set of the process, in bytes. */
export async function peakMemory(home: string, args: readonly string[]): Promise<number> {
  const report = `--import=data:text/javascript,${encodeURIComponent(REPORT)}`;
  return Number(await run(home, [report], args)) * 1024;
}

async function run(
  home: string,
  options: readonly string[],
  args: readonly string[],
): Promise<string> {
  const child = spawn(pinnedNode(), [...options, join(repository, 'src/cli/bin.mjs'), ...args], {
    env: { ...env, SEMDISTRO_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let [said, peak] = ['', ''];
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdio[3]?.on('data', (chunk: Buffer) => (peak += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`semdistro ${args.join(' ')} exited with ${code}: ${said}`);
  return peak;
}

/** A folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'semdistro-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of each of `runs` runs; `before` is not counted, and neither is a first run that warms up. */
export async function timedEach(
  runs: number,
  action: () => Promise<unknown>,
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    await before();
    const started = performance.now();
    await action();
    if (run > 0) times.push(performance.now() - started);
  }
  return times;
}
