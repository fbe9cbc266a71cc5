import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line the program writes to file descriptor 3. */
  readonly onStatus?: (line: string) => void;
}

export interface RunResult {
  /** -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, its messages in English (`LC_ALL=C`) and nothing to read on its input.
 * Rejects only when it cannot be started (the error's code is `ENOENT` when it does not exist) or is aborted.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: 'C', LANGUAGE: '', ...options.env },
    signal: options.signal,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, , , status] = child.stdio;
  if (status) void readLines(status as Readable, options.onStatus); // 'pipe' above makes it readable
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit) => {
        resolve(exit ?? -1);
      });
    }),
    readText(child.stdout),
    readText(child.stderr),
  ]);
  return { code, stdout, stderr };
}

async function readText(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function readLines(
  stream: Readable,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  }
}
