import { spawn } from 'node:child_process';
import { EngineError } from '../../engine/errors.ts';
import xz from 'xz-decompress';
import { concat } from '../../engine/bytes.ts';
import { errnoOf } from '../errno.ts';

/** What a decoder may use, so that a hostile header cannot ask for more; `xz -9` needs 65 MiB. */
const MEMORY = '256MiB';

/**
 * Decompresses xz. The program `xz` is 1.6 times as fast as the same code in WebAssembly and runs
 * beside this process, so it is used where there is one. EngineError `xz-corrupt` on bad or cut
 * input and beyond `limit` bytes.
 */
export async function unxz(bytes: Uint8Array, limit: number, program = 'xz'): Promise<Uint8Array> {
  try {
    return await unxzByProgram(program, bytes, limit);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return unxzByWasm(bytes, limit);
  }
}

/** As `unxz`, in WebAssembly. */
export async function unxzByWasm(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const stream: AsyncIterable<Uint8Array> = new xz.XzReadableStream(source);
  return gather(stream, limit, corrupt);
}

async function unxzByProgram(
  program: string,
  bytes: Uint8Array,
  limit: number,
): Promise<Uint8Array> {
  const child = spawn(
    program,
    ['--decompress', '--stdout', '--quiet', '--format=xz', `--memlimit-decompress=${MEMORY}`],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // A decoder that gives up early closes its input; its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(bytes);
  const [code, plain] = await Promise.all([
    exit,
    gather(child.stdout, limit, (why) => {
      child.kill();
      return corrupt(why);
    }),
  ]);
  if (code !== 0) throw corrupt('bad or cut off');
  return plain;
}

async function gather(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
  fail: (why: unknown) => EngineError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > limit) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw fail(error);
  }
  if (length > limit) throw fail(`more than ${limit} bytes`);
  return concat(chunks, length);
}

function corrupt(why: unknown): EngineError {
  const reason = why instanceof Error ? why.message : String(why);
  return new EngineError('xz-corrupt', `xz data: ${reason}`, { cause: why });
}
