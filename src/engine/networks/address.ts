/** IPv4 addresses as numbers from 0 to 2^32 - 1. */
export interface Subnet {
  /** The network's own address. */
  readonly base: number;
  /** Bits of the prefix, 0 to 32. */
  readonly prefix: number;
}

/** `172.17.0.2`; undefined when it is none. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** `172.17.0.0/16`; bits behind the prefix are dropped, as Docker drops them. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, host = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const address = parseAddress(host);
  const prefix = Number(bits);
  if (address === undefined || prefix > 32) return undefined;
  return { base: address - (address % sizeOf(prefix)), prefix };
}

export function formatSubnet({ base, prefix }: Subnet): string {
  return `${formatAddress(base)}/${prefix}`;
}

export function contains(subnet: Subnet, address: number): boolean {
  return address >= subnet.base && address <= lastOf(subnet);
}

/** Whether some address is in both. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return a.base <= lastOf(b) && b.base <= lastOf(a);
}

/** The last address of a subnet, which reaches everybody in it. */
export function lastOf({ base, prefix }: Subnet): number {
  return base + sizeOf(prefix) - 1;
}

/** As Docker's bridges give them: the address is in it. */
export function macOf(address: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
  return ['02', '42', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}
