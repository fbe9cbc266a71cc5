import { describe, expect, test } from 'vitest';
import { createKernelLog } from './kernel-log.ts';

function logOf(text: string) {
  const log = createKernelLog();
  for (const byte of new TextEncoder().encode(text)) log.add(byte);
  return log;
}

describe("the kernel's log", () => {
  test.each([
    ['', undefined],
    ['[    1.0] Freeing unused kernel image\r\n', undefined],
    // A line that is not whole may still say more.
    ['[    1.0] Kernel panic - not syncing: VFS', undefined],
    [
      '[    1.0] Kernel panic - not syncing: VFS: Unable to mount root fs\r\n[    1.0] CPU: 0\r\n',
      'Kernel panic - not syncing: VFS: Unable to mount root fs',
    ],
    [
      'Kernel panic - not syncing: first\r\n---[ end Kernel panic - not syncing: second ]---\r\n',
      'Kernel panic - not syncing: first',
    ],
  ])('%j has the panic %j', (text, panic) => {
    expect(logOf(text).panic()).toBe(panic);
  });

  test('has its end, with lines as elsewhere', () => {
    expect(logOf('one\r\ntwo').text()).toBe('one\ntwo');
    const long = logOf('x\r\n'.repeat(50_000) + 'end\r\n').text();
    expect(long.length).toBe(16 * 1024);
    expect(long.endsWith('x\nend\n')).toBe(true);
  });
});
