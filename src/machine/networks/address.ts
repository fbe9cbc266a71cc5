/** An IPv4 address as four bytes; undefined when the text is none. */
export function parseAddress(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : undefined;
}

/** As `parseAddress`, for what the engine decided: throws RangeError. */
export function addressOf(text: string): Uint8Array {
  const address = parseAddress(text);
  if (!address) throw new RangeError(`${JSON.stringify(text)} is no IPv4 address`);
  return address;
}

/** The bits that all addresses of `172.18.0.0/16` share. Throws RangeError. */
export function prefixOf(subnet: string): number {
  const [, digits] = /^[\d.]+\/(\d{1,2})$/.exec(subnet) ?? [];
  const prefix = Number(digits);
  if (digits === undefined || prefix > 32)
    throw new RangeError(`${JSON.stringify(subnet)} is no network`);
  return prefix;
}

/** `02:42:ac:12:00:02` as six bytes. Throws RangeError. */
export function macOf(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) {
    throw new RangeError(`${JSON.stringify(text)} is no address of a network card`);
  }
  return Uint8Array.from(text.split(':'), (part) => parseInt(part, 16));
}
