import { concat, utf8 } from '../../engine/bytes.ts';
import type { GuestInterface, GuestLeave, Place } from './port.ts';
import { u16, u32, u8 } from './protocol.ts';

/** Bytes of a device's name, its terminating zero included. */
const DEVICE_NAME = 16;

function deviceName(name: string): Uint8Array {
  const bytes = utf8(name);
  if (bytes.length === 0 || bytes.length >= DEVICE_NAME || bytes.includes(0)) {
    throw new RangeError(`${JSON.stringify(name)} is no name of a device`);
  }
  const field = new Uint8Array(DEVICE_NAME);
  field.set(bytes);
  return field;
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new RangeError(`an address of ${bytes.length} bytes instead of ${length}`);
}

/** `struct place` of protocol.h. */
export function encodePlace({ address, port }: Place): Uint8Array {
  return concat([sized(address, 4), u16(port)]);
}

/** `struct attachment`. */
export function encodeInterface(wanted: GuestInterface): Uint8Array {
  const { bridge, device, name, address, gateway, prefix, mac, isDefault } = wanted;
  return concat([
    ...[bridge, device, name].map(deviceName),
    ...[sized(address, 4), sized(gateway, 4)],
    ...[u8(prefix), u8(isDefault ? 1 : 0), sized(mac, 6)],
  ]);
}

/** `struct leave_head` and what follows it. */
export function encodeLeave(
  namespace: number,
  { devices, gateway, close = false }: GuestLeave,
): Uint8Array {
  const route = gateway ? sized(gateway, 4) : new Uint8Array(4);
  return concat([u32(namespace), route, u8(close ? 1 : 0), ...devices.map(deviceName)]);
}
