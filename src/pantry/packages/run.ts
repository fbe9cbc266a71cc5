import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';

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
  const [, stdoutStream, stderrStream, statusStream] = child.stdio;
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit) => {
        resolve(exit ?? -1);
      });
    }),
    readText(stdoutStream),
    readText(stderrStream),
    readLines(statusStream, options.onStatus),
  ]);
  return { code, stdout, stderr };
}

/** Of a pipe: Node types the ends of one that may not be there, or not be readable. */
type Pipe = object | null | undefined;

async function readText(stream: Pipe): Promise<string> {
  let text = '';
  if (!(stream instanceof Readable)) return text;
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function readLines(
  stream: Pipe,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  let rest = '';
  if (!(stream instanceof Readable)) return;
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  }
}
