import { expect, test } from 'vitest';
import { addressOf, macOf, parseAddress, prefixOf } from './address.ts';

test.each([
  ['172.18.0.2', [172, 18, 0, 2]],
  ['0.0.0.0', [0, 0, 0, 0]],
  ['255.255.255.255', [255, 255, 255, 255]],
])('%s is an address', (address, bytes) => {
  expect([...addressOf(address)]).toEqual(bytes);
});

test.each(['', '::', 'redis', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.x', '1..2.3', ' 1.2.3.4'])(
  '%j is none',
  (address) => {
    expect(parseAddress(address)).toBeUndefined();
    expect(() => addressOf(address)).toThrow(RangeError);
  },
);

test('a network has a prefix', () => {
  expect(prefixOf('172.18.0.0/16')).toBe(16);
  expect(prefixOf('10.0.0.0/8')).toBe(8);
  for (const broken of ['172.18.0.0', '172.18.0.0/33', 'x/16']) {
    expect(() => prefixOf(broken)).toThrow(RangeError);
  }
});

test('a network card has six bytes', () => {
  expect([...macOf('02:42:ac:12:00:02')]).toEqual([2, 0x42, 0xac, 0x12, 0, 2]);
  for (const broken of ['02:42:ac:12:00', '02-42-ac-12-00-02', '02:42:ac:12:00:0g']) {
    expect(() => macOf(broken)).toThrow(RangeError);
  }
});
