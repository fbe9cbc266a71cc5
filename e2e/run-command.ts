import { once, utf8 } from '../src/engine/bytes.ts';
import { docker } from '../src/engine/docker/main.ts';
import type { HostFiles } from '../src/engine/docker/session.ts';
import type { Engine } from '../src/engine/engine.ts';
import { digestOf } from '../src/engine/oci/digest.ts';
import { collector } from '../src/testing/collector.ts';
import type { Outcome } from './messages.ts';

/** More than this is an archive, no text. */
const LONGEST_TEXT = 100_000;

/** `docker ARGS…` as somebody without a terminal runs it: the same code in a browser and in Node. */
export async function runCommand(
  engine: Engine,
  files: HostFiles,
  args: readonly string[],
  stdin = '',
): Promise<Outcome> {
  const stdout = collector();
  const stderr = collector();
  const code = await docker(args, {
    engine,
    files,
    stdin: once(utf8(stdin)),
    stdout: stdout.sink,
    stderr: stderr.sink,
    env: {},
    signal: new AbortController().signal,
  });
  const bytes = stdout.bytes();
  return {
    code,
    stdout: bytes.length > LONGEST_TEXT ? '' : new TextDecoder().decode(bytes),
    stdoutDigest: digestOf(engine.platform, bytes),
    stdoutSize: bytes.length,
    stderr: new TextDecoder().decode(stderr.bytes()),
  };
}
