import { afterEach, expect, test, vi } from 'vitest';
import { goTime } from '../engine/format/time.ts';
import { localZone } from './local-zone.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

// Beside each what `TZ=… date -d @1767225600 '+%F %T %z %Z'` prints.
test.each([
  ['UTC', '2026-01-01 00:00:00 +0000 UTC'],
  ['America/Sao_Paulo', '2025-12-31 21:00:00 -0300 -03'],
  ['America/New_York', '2025-12-31 19:00:00 -0500 EST'],
  ['Asia/Kathmandu', '2026-01-01 05:45:00 +0545 +0545'],
])('a reader in %s reads %s', (zone, expected) => {
  vi.stubEnv('TZ', zone);
  expect(goTime(1_767_225_600, localZone())).toBe(expected);
});
