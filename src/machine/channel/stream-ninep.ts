import { concat } from '../../engine/bytes.ts';
import type { BytePort, NinepHandler } from '../emulator/port.ts';

/** A message begins with its size, four bytes that count themselves. */
const SIZE = 4;
/** The smallest there is has a type and a tag. */
const LEAST = 7;
/** More than any `msize` a guest was given. */
const MOST = 1 << 20;

/**
 * Serves 9P over a port, where requests come cut anywhere: the workspace's mount of the guest,
 * `trans=fd`. Answers are sent in the order in which the handler gives them. After bytes that are no
 * 9P nothing is answered any more and `broken` is called.
 */
export function serveNinep(
  port: BytePort,
  handler: NinepHandler,
  broken: (reason: string) => void,
): void {
  let held: Uint8Array[] = [];
  let size = 0;
  let wanted = SIZE;
  let open = true;
  port.onData((bytes) => {
    if (!open) return;
    held.push(bytes);
    size += bytes.length;
    if (size < wanted) return;
    const all = concat(held, size);
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    let at = 0;
    wanted = SIZE;
    while (all.length - at >= SIZE) {
      const length = view.getUint32(at, true);
      if (length < LEAST || length > MOST) {
        open = false;
        held = [];
        broken(`a 9P message of ${length} bytes`);
        return;
      }
      if (all.length - at < length) {
        wanted = length;
        break;
      }
      const request = all.subarray(at, at + length);
      at += length;
      handler(request, (response) => {
        port.send(response);
      });
    }
    held = at < all.length ? [all.subarray(at)] : [];
    size = all.length - at;
  });
}
