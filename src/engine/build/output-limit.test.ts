import { expect, test } from 'vitest';
import { utf8 } from '../bytes.ts';
import { outputLimit } from './output-limit.ts';

function limited(): {
  readonly write: (at: number, bytes: number) => void;
  readonly seen: () => string;
} {
  let now = 0;
  let seen = '';
  const limit = outputLimit(
    () => now,
    (bytes) => {
      seen += new TextDecoder().decode(bytes).replace(/Z+/g, (zs) => `<${zs.length}>`);
    },
  );
  return {
    write: (at, bytes) => {
      now = at;
      limit(utf8('Z'.repeat(bytes)));
    },
    seen: () => seen,
  };
}

test('200 KiB for each second, then a word of what is missing, once', () => {
  const { write, seen } = limited();
  write(0, 204_800);
  write(500, 10);
  write(900, 10);
  expect(seen()).toBe('<204800>\n[output clipped, log limit 200KiB/s reached]\n');
});

test('it goes on with the next second', () => {
  const { write, seen } = limited();
  write(0, 204_900);
  write(1500, 5);
  expect(seen()).toBe('<204800>\n[output clipped, log limit 200KiB/s reached]\n<5>');
});

test('2 MiB in all, however long it takes', () => {
  const { write, seen } = limited();
  write(60_000, 2 * 1024 * 1024);
  write(90_000, 1);
  expect(seen()).toBe(`<${2 * 1024 * 1024}>\n[output clipped, log limit 2MiB reached]\n`);
});
