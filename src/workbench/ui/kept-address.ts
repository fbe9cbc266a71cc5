import type { GuestAddress } from '../../preview/address.ts';
import { addressIn } from '../../preview/messages.ts';

/** What page a lab's preview showed, for this tab after a reload. */
const name = (lab: string): string => `semdistro:page:${lab}`;

export function keepAddress(lab: string, address: GuestAddress): void {
  try {
    sessionStorage.setItem(name(lab), JSON.stringify(address));
  } catch {
    // Without storage it is a click to open it again.
  }
}

export function keptAddress(lab: string): GuestAddress | undefined {
  try {
    return addressIn(JSON.parse(sessionStorage.getItem(name(lab)) ?? 'null'));
  } catch {
    return undefined;
  }
}
