import { describe, expect, test } from 'vitest';
import type { FlagDefinition } from './command.ts';
import { FlagError, type ParsedCommandLine, parseFlags } from './flags.ts';

const FLAGS: readonly FlagDefinition[] = [
  { name: 'all', short: 'a', kind: 'bool', help: '' },
  { name: 'quiet', short: 'q', kind: 'bool', help: '' },
  { name: 'human', short: 'H', kind: 'bool', default: 'true', help: '' },
  { name: 'format', kind: 'string', help: '' },
  { name: 'file', short: 'f', kind: 'string', default: 'Dockerfile', help: '' },
  { name: 'label', short: 'l', kind: 'list', help: '' },
  { name: 'count', short: 'n', kind: 'int', help: '' },
];

function parse(line: string, options = {}): ParsedCommandLine {
  return parseFlags(FLAGS, line === '' ? [] : line.split(' '), options);
}

function values({ flags, args }: ParsedCommandLine): unknown {
  return {
    all: flags.bool('all'),
    quiet: flags.bool('quiet'),
    human: flags.bool('human'),
    format: flags.string('format'),
    file: flags.string('file'),
    label: flags.list('label'),
    count: flags.int('count'),
    args,
  };
}

const NOTHING = {
  all: false,
  quiet: false,
  human: true,
  format: undefined,
  file: 'Dockerfile',
  label: [],
  count: undefined,
  args: [],
};

test.each([
  ['', {}],
  ['x y', { args: ['x', 'y'] }],
  ['--all x', { all: true, args: ['x'] }],
  ['x --all', { all: true, args: ['x'] }],
  ['--all=false -q=1', { quiet: true }],
  ['-aq', { all: true, quiet: true }],
  ['-H=false', { human: false }],
  ['--format json', { format: 'json' }],
  ['--format=a=b', { format: 'a=b' }],
  ['--format=', { format: '' }],
  ['-f x', { file: 'x' }],
  ['-fx', { file: 'x' }],
  ['-f=x', { file: 'x' }],
  ['-aqfx y', { all: true, quiet: true, file: 'x', args: ['y'] }],
  ['-f -', { file: '-' }],
  ['-f -a', { file: '-a' }],
  ['-l a=1,b --label c', { label: ['a=1,b', 'c'] }],
  ['-n 12', { count: 12 }],
  ['-', { args: ['-'] }],
  ['-- --all -x', { args: ['--all', '-x'] }],
  ['-f a -f b', { file: 'b' }],
])('%j', (line, expected) => {
  expect(values(parse(line))).toEqual({ ...NOTHING, ...expected });
});

// Wordings of pflag, seen from Docker 26.
test.each([
  ['--foo', 'unknown flag: --foo'],
  ['--foo=1', 'unknown flag: --foo'],
  ['-x', "unknown shorthand flag: 'x' in -x"],
  ['-ax', "unknown shorthand flag: 'x' in -x"],
  ['-xa', "unknown shorthand flag: 'x' in -xa"],
  ['--format', 'flag needs an argument: --format'],
  ['-f', "flag needs an argument: 'f' in -f"],
  ['-af', "flag needs an argument: 'f' in -f"],
  ['--=x', 'bad flag syntax: --=x'],
  ['---x', 'bad flag syntax: ---x'],
  [
    '--all=x',
    'invalid argument "x" for "-a, --all" flag: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    '-n x',
    'invalid argument "x" for "-n, --count" flag: strconv.ParseInt: parsing "x": invalid syntax',
  ],
])('%j is refused: %s', (line, message) => {
  expect(() => parse(line)).toThrow(new FlagError(message));
});

describe('without interspersed flags', () => {
  test('the first argument ends them', () => {
    expect(values(parse('-a x -q', { interspersed: false }))).toEqual({
      ...NOTHING,
      all: true,
      args: ['x', '-q'],
    });
  });
});

test('help is asked for by --help and, the old way, by -h', () => {
  expect([
    parse('').help,
    parse('--help').help,
    parse('-h').help,
    parse('--help=false').help,
  ]).toEqual([false, 'long', 'short', false]);
});

test('a flag the command does not have is a bug, not a mistake of the user', () => {
  expect(() => parse('').flags.bool('nope')).toThrow('the command has no bool flag --nope');
  expect(parse('--all').flags.given('all')).toBe(true);
  expect(parse('').flags.given('all')).toBe(false);
});
