import type { ByteStream } from '../engine/bytes.ts';
import { docker } from '../engine/docker/main.ts';
import type { Session } from '../engine/docker/session.ts';
import type { Engine } from '../engine/engine.ts';
import { hostFiles } from '../cli/host-files.ts';
import { collector } from './collector.ts';

export interface DockerOutput {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly text: string;
  readonly stderr: string;
}

/** Runs this engine's `docker ARGS…` in this process, as a user with no terminal would. */
export async function runDocker(
  engine: Engine,
  args: readonly string[],
  options: {
    readonly stdin?: ByteStream;
    readonly env?: Session['env'];
    readonly cwd?: string;
    /** What the command has besides: a terminal, signals, a workspace. */
    readonly session?: Partial<Session>;
  } = {},
): Promise<DockerOutput> {
  const stdout = collector();
  const stderr = collector();
  const code = await docker(args, {
    engine,
    stdin: options.stdin ?? nothing(),
    stdout: stdout.sink,
    stderr: stderr.sink,
    files: hostFiles(options.cwd ?? process.cwd()),
    env: options.env ?? {},
    signal: new AbortController().signal,
    ...options.session,
  });
  const bytes = stdout.bytes();
  const text = (of: Uint8Array): string => new TextDecoder().decode(of);
  return { code, stdout: bytes, text: text(bytes), stderr: text(stderr.bytes()) };
}

async function* nothing(): ByteStream {
  // An empty standard input.
}
