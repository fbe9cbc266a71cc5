import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { snapshotName } from './snapshot.ts';

describe('the name of a snapshot', () => {
  const boot = {
    kernel: utf8('kernel'),
    initrd: utf8('initrd'),
    bios: utf8('bios'),
    vgaBios: utf8('vga'),
    commandLine: 'console=ttyS0',
    memory: 512,
  };

  it('is the same for the same boot', () => {
    expect(snapshotName({ ...boot })).toBe(snapshotName(boot));
    expect(snapshotName(boot)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['the kernel', { kernel: utf8('another') }],
    ['the initramfs, and so the agent', { initrd: utf8('another') }],
    ['the firmware', { bios: utf8('another') }],
    ['the firmware of the graphics card', { vgaBios: utf8('another') }],
    ['the kernel’s options', { commandLine: 'console=ttyS1' }],
    ['the memory', { memory: 256 }],
    ['what changes places', { kernel: boot.initrd, initrd: boot.kernel }],
  ])('is another when %s is another', (_, change) => {
    expect(snapshotName({ ...boot, ...change })).not.toBe(snapshotName(boot));
  });
});
