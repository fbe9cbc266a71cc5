import { concat } from '../../engine/bytes.ts';
import type { SpawnIo } from '../channel/port.ts';
import type { Guest } from './guest.ts';
import { GUEST_ENV } from './guest-paths.ts';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the guest's own programs to its end; `argv[0]` is a path. Output is text and small. */
export async function run(
  { agent, guard }: Guest,
  argv: readonly string[],
  stdin?: AsyncIterable<Uint8Array>,
): Promise<Finished> {
  const output: Uint8Array[][] = [[], []];
  const io: SpawnIo = {
    ...(stdin && { stdin }),
    output(stream, bytes) {
      output[stream - 1]?.push(bytes);
    },
  };
  const process = await guard(agent.spawn({ argv, env: GUEST_ENV, cwd: '/' }, io));
  const code = await guard(process.exit);
  const [stdout = '', stderr = ''] = output.map((chunks) =>
    new TextDecoder().decode(concat(chunks)),
  );
  return { code, stdout, stderr };
}

/** As `run`, for what can only fail when the machine is broken: throws with what the program said. */
export async function runWell(
  guest: Guest,
  argv: readonly string[],
  stdin?: AsyncIterable<Uint8Array>,
): Promise<string> {
  const { code, stdout, stderr } = await run(guest, argv, stdin);
  if (code !== 0)
    throw new Error(`${argv.slice(0, 2).join(' ')} ended with ${code}: ${stderr.trim()}`);
  return stdout;
}
