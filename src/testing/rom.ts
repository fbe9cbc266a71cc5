/**
 * Programs for a PC that has nothing but a ROM: 16-bit machine code that runs from the reset on, for
 * tests of the emulator that need no Linux.
 */
export type RomProgram = 'sleeps' | 'halts' | 'restarts' | 'fails' | 'echoes' | 'writes';

const COM1 = [0xf8, 0x03];

const PROGRAMS: Readonly<Record<RomProgram, readonly number[]>> = {
  // sti; again: hlt; jmp again
  sleeps: [0xfb, 0xf4, 0xeb, 0xfd],
  // cli; hlt
  halts: [0xfa, 0xf4],
  // cli; mov al, 0xfe; out 0x64, al: the keyboard's controller resets the processor
  restarts: [0xfa, 0xb0, 0xfe, 0xe6, 0x64, 0xeb, 0xfe],
  // No interrupt table; protected mode; int3
  fails: [
    ...[0xfa, 0x2e, 0x0f, 0x01, 0x1e, 0x00, 0x10, 0x0f, 0x01, 0xe0, 0x0c, 0x01, 0x0f, 0x01, 0xf0],
    0xcc,
  ],
  // cli; RTS on; wait: test the line's status; jz wait; in al; out al; jmp wait
  echoes: [
    ...[0xfa, 0xba, 0xfc, 0x03, 0xb0, 0x03, 0xee],
    ...[0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xf8],
    ...[0xba, ...COM1, 0xec, 0xee, 0xeb, 0xf1],
  ],
  // cli; mov dx, COM1; next: out al; inc al; jmp next
  writes: [0xfa, 0xba, ...COM1, 0xee, 0xfe, 0xc0, 0xeb, 0xfb],
};

/** 64 kB, to be given as the BIOS of a machine with no kernel. */
export function rom(program: RomProgram): Uint8Array {
  // hlt
  const bytes = new Uint8Array(0x10000).fill(0xf4);
  bytes.set(PROGRAMS[program]);
  // What `fails` takes for its interrupt table.
  bytes.fill(0, 0x1000, 0x1006);
  // Here it starts: jmp f000:0000
  bytes.set([0xea, 0x00, 0x00, 0x00, 0xf0], 0xfff0);
  return bytes;
}
