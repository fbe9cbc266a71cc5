import type { ByteStream } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import { type Digest, digestBy } from '../oci/digest.ts';
import type { Platform } from '../platform.ts';

export interface Expected {
  readonly digest?: Digest;
  readonly size?: number;
}

/**
 * Passes a stream on while hashing it. At its end the stream rejects with `blob-mismatch` when the
 * bytes are not what was expected (too many bytes: at once), and only after its end `result` may
 * be called. The bytes passed on before that are not to be trusted.
 */
export function checkedStream(
  platform: Platform,
  source: ByteStream,
  expected: Expected,
): { readonly stream: ByteStream; result(): { readonly digest: Digest; readonly size: number } } {
  const hasher = platform.sha256();
  let size = 0;
  let done: { readonly digest: Digest; readonly size: number } | undefined;
  async function* pass(): ByteStream {
    for await (const chunk of source) {
      size += chunk.length;
      if (expected.size !== undefined && size > expected.size) {
        throw mismatch(`more than the expected ${expected.size} bytes`);
      }
      hasher.update(chunk);
      yield chunk;
    }
    const digest = digestBy(hasher);
    if (expected.size !== undefined && size !== expected.size) {
      throw mismatch(`unexpected size ${size}, expected ${expected.size}`);
    }
    if (expected.digest !== undefined && digest !== expected.digest) {
      throw mismatch(`unexpected digest ${digest}, expected ${expected.digest}`);
    }
    done = { digest, size };
  }
  return {
    stream: pass(),
    result() {
      if (!done) throw new Error('result of a stream that was not read to its end');
      return done;
    },
  };
}

function mismatch(why: string): EngineError {
  return new EngineError('blob-mismatch', `content does not match its descriptor: ${why}`, {
    hint: 'The archive or the transfer is damaged; fetch it again.',
  });
}
