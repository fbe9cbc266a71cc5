import { type Subnet, overlap } from './address.ts';

/** Docker's: sixteen bits each from 172.17 to 172.31, then twenty in 192.168. */
const POOLS: readonly Subnet[] = [
  ...Array.from({ length: 15 }, (_, index) => pool(172, 17 + index, 0, 16)),
  ...Array.from({ length: 16 }, (_, index) => pool(192, 168, index * 16, 20)),
];

/** The first subnet that no network has; undefined when they all are taken. */
export function freeSubnet(taken: readonly Subnet[]): Subnet | undefined {
  return POOLS.find((one) => !taken.some((other) => overlap(one, other)));
}

function pool(a: number, b: number, c: number, prefix: number): Subnet {
  return { base: ((a * 256 + b) * 256 + c) * 256, prefix };
}
