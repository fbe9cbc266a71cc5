/** The version of v86 whose undocumented members `members.ts` knows; a test compares it with the installed one. */
export const V86_VERSION = '0.5.462+g5f9a90f';

/**
 * The emulated PC, in v86's own words. A snapshot restores only into exactly this hardware, so that
 * this is part of the snapshot's name. The graphics card cannot be left out; 2 MB is its least.
 */
export const HARDWARE = {
  vga_memory_size: 2 * 1024 * 1024,
  virtio_console: { type: 'none' },
  uart1: true,
  uart2: true,
  uart3: true,
  // `fetch` only names the adapter that brings a router of its own; nothing is ever fetched.
  net_device: { type: 'virtio', relay_url: 'fetch', mtu: 1500 },
  preserve_mac_from_state_image: true,
  acpi: false,
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true,
} as const;

/** Everything a snapshot depends on that the emulator decides: for the snapshot's name. */
export function snapshotOptions(memory: number): Readonly<Record<string, unknown>> {
  return { v86: V86_VERSION, memory, hardware: HARDWARE };
}
