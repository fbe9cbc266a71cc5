/** Bytes in order of arrival. What is pushed is kept, not copied. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that were taken already. */
  #offset = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  /** The first bytes, at most `limit`, in an array of their own. */
  take(limit: number): Uint8Array {
    const taken = new Uint8Array(Math.min(limit, this.#size));
    let filled = 0;
    let used = 0;
    for (const chunk of this.#chunks) {
      if (filled === taken.length) break;
      const part = chunk.subarray(this.#offset, this.#offset + taken.length - filled);
      taken.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) {
        used++;
        this.#offset = 0;
      }
    }
    this.#chunks.splice(0, used);
    this.#size -= taken.length;
    return taken;
  }
}
