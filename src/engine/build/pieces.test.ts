import { describe, expect, test } from 'vitest';
import { parseChmod } from './chmod.ts';
import { excerpt } from './excerpt.ts';
import { durationText, quoteNumber } from './go-print.ts';
import { humanSize } from './human-size.ts';
import { joinWorkdir } from './plan-instruction.ts';
import { parseOutput } from './output-spec.ts';
import { parsePlatform, platformName } from '../oci/platform.ts';
import { parsePorts } from './ports.ts';
import { checkSignal } from './signals.ts';

describe('--chmod', () => {
  test.for<readonly [string, number, boolean, number]>([
    ['755', 0o600, false, 0o755],
    ['4711', 0o600, false, 0o4711],
    ['u+x', 0o644, false, 0o744],
    ['+x', 0o644, false, 0o755],
    ['go-rwx', 0o755, false, 0o700],
    ['a=r', 0o755, false, 0o444],
    ['u=rwx,go=rX', 0o600, false, 0o755],
    ['go+rX', 0o600, false, 0o644],
    ['go+rX', 0o700, true, 0o755],
    ['u+s', 0o755, false, 0o4755],
    ['+t', 0o755, true, 0o1755],
  ])('%s of %o (directory: %s)', ([text, mode, isDir, expected]) => {
    expect(parseChmod(text)(mode, isDir).toString(8)).toBe(expected.toString(8));
  });

  test.for(['', '8', '77777', 'u', 'x+u', 'u+x,'])('refused: %j', (text) => {
    expect(() => parseChmod(text)).toThrow(expect.objectContaining({ code: 'chmod-invalid' }));
  });
});

describe('ports', () => {
  test.for<readonly [string, readonly string[]]>([
    ['80', ['80/tcp']],
    ['53/UDP', ['53/udp']],
    ['7000-7002/sctp', ['7000/sctp', '7001/sctp', '7002/sctp']],
    ['127.0.0.1:8080:80', ['80/tcp']],
    ['0', ['0/tcp']],
  ])('%s', ([word, keys]) => {
    expect(parsePorts(word)).toEqual(keys);
  });

  test.for(['', 'a', '70000', '5-3', '80/icmp', '-1', '1-70000'])('refused: %j', (word) => {
    expect(() => parsePorts(word)).toThrow(expect.objectContaining({ code: 'port-invalid' }));
  });
});

test('signals are names and numbers', () => {
  for (const word of ['9', 'SIGTERM', 'term', 'RTMIN+3', 'SIGRTMAX-1']) checkSignal(word);
  for (const word of ['', '0', 'NOPE', 'RTMIN+16']) {
    expect(() => {
      checkSignal(word);
    }, word).toThrow(expect.objectContaining({ code: 'signal-invalid' }));
  }
});

test('Go durations', () => {
  const table = [0, 1, 1500, 2_500_000, 5e9, 90e9, 3_600e9, 1.5e9].map(durationText);
  expect(table).toEqual(['0s', '1ns', '1.5µs', '2.5ms', '5s', '1m30s', '1h0m0s', '1.5s']);
});

test('Go characters', () => {
  expect([0, 3, 10, 39, 34, 65, -1].map(quoteNumber)).toEqual([
    "'\\x00'",
    "'\\x03'",
    "'\\n'",
    "'\\''",
    `'"'`,
    "'A'",
    "'\ufffd'",
  ]);
});

test('sizes in progress', () => {
  expect([0, 2, 999, 2100, 20_971_520].map((size) => humanSize(size))).toEqual([
    '0B',
    '2B',
    '999B',
    '2.10kB',
    '20.97MB',
  ]);
});

test('where COPY puts things', () => {
  const join = (path: string) => joinWorkdir('/w', path);
  expect(['a', './a', 'a/', '.', './', '..', '/x', '/x/', '/', 'a/.', '../../b'].map(join)).toEqual(
    ['/w/a', '/w/a', '/w/a/', '/w/', '/w/', '/', '/x', '/x/', '/', '/w/a/', '/b'],
  );
});

describe('platforms', () => {
  test.for([
    ['linux/amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm/v7', 'linux/arm/v7'],
    ['i386', 'linux/386'],
    ['LINUX/386', 'linux/386'],
  ])('%s is %s', ([text = '', name]) => {
    expect(platformName(parsePlatform(text))).toBe(name);
  });

  test.for(['', 'linux/', 'a/b/c/d', 'li nux/386', 'amd46'])('refused: %j', (text) => {
    expect(() => parsePlatform(text)).toThrow(
      expect.objectContaining({ code: 'platform-invalid' }),
    );
  });
});

describe('--output', () => {
  test.for([
    ['out', { type: 'local', dest: 'out' }],
    ['-', { type: 'tar', dest: '-' }],
    ['type=tar,dest=x.tar', { type: 'tar', dest: 'x.tar' }],
    ['type=oci', { type: 'oci', dest: '-' }],
    ['type=oci,dest=', { type: 'oci', dest: '-' }],
    ['type=docker', { type: 'docker' }],
    ['type=image,name=x', { type: 'image' }],
  ] as const)('%s', ([text, spec]) => {
    expect(parseOutput(text)).toEqual(spec);
  });

  test.for([
    ['', 'output-invalid'],
    ['type=local', 'output-invalid'],
    ['type=local,dest=', 'output-invalid'],
    ['dest=x', 'output-invalid'],
    ['type=zip,dest=x', 'output-unsupported'],
    ['type=registry', 'output-unsupported'],
    ['type=image,push=true', 'output-unsupported'],
  ] as const)('refused: %s', ([text, code]) => {
    expect(() => parseOutput(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the lines around a mistake', () => {
  const source = 'one\ntwo\nthree\nfour\nfive\nsix\nseven';
  const at = (first: number, last: number) => ({
    start: { line: first, column: 0 },
    end: { line: last, column: 3 },
  });
  const rule = '--------------------';

  test('two before and two after', () => {
    expect(excerpt('Dockerfile', source, at(3, 3)).split('\n')).toEqual([
      'Dockerfile:4',
      rule,
      '   2 |     two',
      '   3 |     three',
      '   4 | >>> four',
      '   5 |     five',
      '   6 |     six',
      rule,
      '',
    ]);
  });

  test('more at one side when the other has none', () => {
    const lines = excerpt('f', source, at(0, 0)).split('\n');
    expect(lines.slice(2, -2)).toEqual(['   1 | >>> one', '   2 |     two', '   3 |     three']);
  });

  test('of an instruction over several lines', () => {
    const lines = excerpt('f', source, at(2, 4)).split('\n');
    expect(lines.filter((line) => line.includes('>>>'))).toHaveLength(3);
    expect(lines).toHaveLength(5 + 4);
  });

  test('nothing for a place outside of the text', () => {
    expect(excerpt('f', source, at(99, 99))).toBe('');
  });
});
