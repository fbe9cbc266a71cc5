import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { pinnedNode, repository } from '../setup/paths.mjs';

/** What one whole command cost its user, start of the program included. */
export interface Cost {
  readonly ms: number;
  /** Largest resident set, in bytes. */
  readonly memory: number;
}

/** Has the command report its own peak on file descriptor 3 as it exits (in kB, as Linux counts). */
const REPORT = [
  "import { writeSync } from 'node:fs';",
  "process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));",
].join('');

/** Runs `semdistro ARGS…` with a store of its own. Rejects when it fails. */
export async function semdistro(home: string, args: readonly string[]): Promise<Cost> {
  const started = performance.now();
  const child = spawn(
    pinnedNode(),
    [
      `--import=data:text/javascript,${encodeURIComponent(REPORT)}`,
      join(repository, 'src/cli/bin.mjs'),
      ...args,
    ],
    { env: { ...env, SEMDISTRO_HOME: home }, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let [said, peak] = ['', ''];
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdio[3]?.on('data', (chunk: Buffer) => (peak += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`semdistro ${args.join(' ')} exited with ${code}: ${said}`);
  return { ms: performance.now() - started, memory: Number(peak) * 1024 };
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
