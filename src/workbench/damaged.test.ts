import { describe, expect, it } from 'vitest';
import { damagedBlobs, forgetBlob } from './damaged.ts';

const [A, B] = ['a1'.repeat(32), 'b2'.repeat(32)];

describe('a blob that came damaged', () => {
  it.each([
    [`ERROR: content digest sha256:${A}: damaged on its way: too short`, [A]],
    [`failed: layer sha256:${B} does not hold what its table of contents says`, [B]],
    [`content digest sha256:${A}: not found`, []],
    ['nothing of the kind', []],
  ])('is found in “%s”', (message, digests) => {
    expect(damagedBlobs(message)).toEqual(digests);
  });

  it('is kept no more', async () => {
    const urls = new Set([`/blobs/${A}?bytes=0-9`, `/blobs/${A}?all`, `/blobs/${B}?all`]);
    await forgetBlob(
      {
        keys: async () => Array.from(urls, (url) => ({ url })),
        delete: async (url) => urls.delete(url),
      },
      A,
    );
    expect([...urls]).toEqual([`/blobs/${B}?all`]);
  });
});
