import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ByteStream, collect, concat, utf8 } from '../engine/bytes.ts';
import type { Platform } from '../engine/platform.ts';
import { portablePlatform } from '../engine/portable.ts';
import { nodePlatform } from './node-platform.ts';

const platforms: readonly (readonly [string, Platform])[] = [
  [
    'portable',
    portablePlatform({ now: Date.now, randomHex: (digits) => nodePlatform().randomHex(digits) }),
  ],
  ['node', nodePlatform()],
];

const text = utf8('one line of text, and another line of text\n'.repeat(5000));
const noise = new Uint8Array(randomBytes(100_000));
const gz = gzipSync(text);
const empty = gzipSync(new Uint8Array(0));

describe.each(platforms)('the %s platform', (_, platform) => {
  describe('sha256', () => {
    it.each([
      ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
      ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ])('hashes %j', (input, hex) => {
      const hasher = platform.sha256();
      for (const char of input) hasher.update(utf8(char));
      expect(hasher.hex()).toBe(hex);
    });
  });

  it.each([0, 1, 12, 63])('makes %i random hexadecimal digits', (digits) => {
    expect(platform.randomHex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
  });

  describe('gunzip gives back what was compressed', () => {
    it.each<readonly [string, Uint8Array, Uint8Array]>([
      ['one member', gz, text],
      ['nothing, compressed', empty, new Uint8Array(0)],
      ['incompressible bytes', gzipSync(noise), noise],
      ['stored blocks', gzipSync(noise, { level: 0 }), noise],
      ['fixed codes', gzipSync(utf8('abcabcabc'), { strategy: 4 }), utf8('abcabcabc')],
      ['three members', concat([gz, gzipSync(noise), gz]), concat([text, noise, text])],
      ['an empty member between two', concat([gz, empty, gz]), concat([text, text])],
      ['a header with every optional field', withHeaderFields(text), text],
      ['zero padding at the end', concat([gz, new Uint8Array(70_000)]), text],
      ['what gzip(1) wrote', gzip1(text), text],
    ])('%s', async (_name, compressed, plain) => {
      for (const step of [compressed.length, 16 * 1024, 7]) {
        expect(same(await collect(platform.gunzip(chunks(compressed, step))), plain)).toBe(true);
      }
    });

    it('of several members in chunks of one byte', async () => {
      const two = concat([gzipSync(utf8('left ')), gzipSync(utf8('right'))]);
      const plain = await collect(platform.gunzip(chunks(two, 1)));
      expect(new TextDecoder().decode(plain)).toBe('left right');
    });

    it('of a thousand members', async () => {
      const one = gzipSync(utf8('0123456789'));
      const many = concat(Array.from({ length: 1000 }, () => one));
      expect((await collect(platform.gunzip(chunks(many, 4096)))).length).toBe(10_000);
    });

    it('of what its own gzip wrote, as gzip(1) does', async () => {
      const own = await collect(platform.gzip(chunks(concat([text, noise]), 5000)));
      expect(same(await collect(platform.gunzip(chunks(own, 3000))), concat([text, noise]))).toBe(
        true,
      );
      const theirs = execFileSync('gzip', ['-dc'], { input: own, maxBuffer: 1 << 24 });
      expect(same(theirs, concat([text, noise]))).toBe(true);
    });

    it('of its own gzip of nothing', async () => {
      const own = await collect(platform.gzip(chunks(new Uint8Array(0), 1)));
      expect(await collect(platform.gunzip(chunks(own, 100)))).toHaveLength(0);
    });
  });

  describe('gunzip refuses', () => {
    const trailer = gz.length - 8;
    it.each<readonly [string, Uint8Array, string]>([
      ['no bytes at all', new Uint8Array(0), 'unexpected end of file'],
      ['half a header', gz.subarray(0, 5), 'unexpected end of file'],
      ['a header alone', gz.subarray(0, 10), 'unexpected end of file'],
      ['truncated data', gz.subarray(0, trailer - 20), 'unexpected end of file'],
      ['a missing trailer', gz.subarray(0, trailer), 'unexpected end of file'],
      ['half a trailer', gz.subarray(0, trailer + 5), 'unexpected end of file'],
      ['a truncated second member', concat([gz, gz.subarray(0, 100)]), 'unexpected end of file'],
      ['half a second header', concat([gz, gz.subarray(0, 4)]), 'unexpected end of file'],
      ['another magic number', flip(gz, 0), 'invalid header'],
      ['another method', flip(gz, 2), 'unknown compression method'],
      ['reserved flags', set(gz, 3, 0x20), 'unknown compression method'],
      [
        'a name without end',
        concat([set(gz, 3, 8).subarray(0, 10), new Uint8Array(600_000).fill(65)]),
        'header too long',
      ],
      ['an impossible block type', set(gz, 10, 0x07), 'invalid compressed data'],
      ['a wrong checksum', flip(gz, trailer), 'invalid checksum'],
      ['a wrong length', flip(gz, trailer + 4), 'invalid length'],
      ['garbage at the end', concat([gz, utf8('garbage')]), 'trailing garbage'],
      [
        'garbage after padding',
        concat([gz, new Uint8Array(40_000), utf8('x')]),
        'trailing garbage',
      ],
      [
        'garbage that begins like a member',
        concat([gz, Uint8Array.of(0x1f, 0)]),
        'unexpected end of file',
      ],
      ['plain text', text, 'invalid header'],
    ])('%s', async (_name, compressed, why) => {
      for (const step of [compressed.length + 1, 1000, 3]) {
        await expect(collect(platform.gunzip(chunks(compressed, step)))).rejects.toMatchObject({
          code: 'gzip-corrupt',
          message: `gzip: ${why}`,
        });
      }
    });

    it('data with any one byte of it changed', async () => {
      const small = gzipSync(utf8('Sem Distro, sem shell, sem gerenciador de pacotes. '.repeat(9)));
      // Time, extra flags and operating system in the header mean nothing to a reader.
      for (let at = 10; at < small.length; at++) {
        await expect(
          collect(platform.gunzip(chunks(flip(small, at), 50))),
          `byte ${at}`,
        ).rejects.toMatchObject({ code: 'gzip-corrupt' });
      }
      expect(await collect(platform.gunzip(chunks(flip(small, 4), 50)))).toHaveLength(51 * 9);
    });
  });

  it('passes on an error of its input, and closes it when the reader stops', async () => {
    const broken = platform.gunzip(failing(gz.subarray(0, 100), new Error('disk on fire')));
    await expect(collect(broken)).rejects.toThrow('disk on fire');
    const broken2 = platform.gzip(failing(text, new Error('disk on fire')));
    await expect(collect(broken2)).rejects.toThrow('disk on fire');

    let closed = false;
    const source = (async function* (): ByteStream {
      try {
        for (;;) yield* chunks(gz, 100);
      } finally {
        closed = true;
      }
    })();
    for await (const chunk of platform.gunzip(source)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(closed).toBe(true);
  });

  it('keeps little of a gzip bomb in memory, and stops when its reader does', async () => {
    const bomb = gzipSync(new Uint8Array(64 << 20), { level: 9 });
    let taken = 0;
    let largest = 0;
    let total = 0;
    const source = (async function* (): ByteStream {
      for await (const chunk of chunks(bomb, 1024)) {
        taken += chunk.length;
        yield chunk;
      }
    })();
    for await (const chunk of platform.gunzip(source)) {
      largest = Math.max(largest, chunk.length);
      total += chunk.length;
      if (total > 1 << 20) break;
    }
    expect(largest).toBeLessThanOrEqual(17 << 20);
    expect(taken).toBeLessThanOrEqual(32 * 1024);
    expect(bomb.length).toBeGreaterThan(60_000);
  });
});

async function* chunks(bytes: Uint8Array, step: number): ByteStream {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function* failing(bytes: Uint8Array, error: Error): ByteStream {
  yield bytes;
  throw error;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function set(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at] = value;
  return copy;
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  return set(bytes, at, (bytes[at] ?? 0) ^ 0xff);
}

function gzip1(plain: Uint8Array): Uint8Array {
  return execFileSync('gzip', ['-9', '-c'], { input: plain });
}

/** Extra field, name, comment and header checksum, which no common tool writes together. */
function withHeaderFields(plain: Uint8Array): Uint8Array {
  const extra = utf8('SG\x04\x00abcd');
  return concat([
    Uint8Array.of(0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3),
    Uint8Array.of(extra.length, 0),
    extra,
    utf8('a name\0a comment\0'),
    Uint8Array.of(0, 0),
    deflateRawSync(plain),
    gzipSync(plain).subarray(-8),
  ]);
}
