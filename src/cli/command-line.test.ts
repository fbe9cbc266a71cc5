import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../engine/errors.ts';
import { repository } from '../setup/paths.mjs';
import { semdistro } from './command-line.ts';
import type { Subcommand } from './subcommands.ts';
import { subcommands } from './subcommands.ts';

const fails: Subcommand = {
  name: 'fails',
  part: 'labs',
  summary: { 'pt-BR': 'Falha', en: 'Fails' },
  examples: ['semdistro fails now'],
  load: async () => async (args) => {
    if (args[0] === 'bug') throw new Error('a bug');
    throw new EngineError('no-space', 'no space left', { hint: 'Make some.', exitCode: 125 });
  },
};
const echoes: Subcommand = {
  name: 'echo',
  part: 'tools',
  summary: { 'pt-BR': 'Repete', en: 'Repeats' },
  examples: ['semdistro echo a b'],
  load: async () => async (args, output) => {
    output.stdout.write(`${args.join('|')}\n`);
    return args.length;
  },
};

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const code = await semdistro(args, {
    subcommands: [fails, echoes],
    version: '1.2.3',
    language: 'en',
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

describe('semdistro', () => {
  it('gives a command the rest of the line and takes its exit code', async () => {
    expect(await run('echo', '-x', '--help')).toEqual({ code: 2, out: '-x|--help\n', err: '' });
  });

  it.each([['--help'], ['-h'], []])('explains itself with examples: %s', async (...args) => {
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    expect(out).toContain('Labs:\n  fails  Fails\n\nTools:\n  echo   Repeats\n');
    expect(out).toContain('Examples:\n  semdistro fails now\n  semdistro echo a b\n');
  });

  it('help COMMAND is COMMAND --help', async () => {
    expect((await run('help', 'echo')).out).toBe('--help\n');
    expect((await run('help')).out).toContain('Usage:');
  });

  it('says its version', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: 'semdistro 1.2.3\n', err: '' });
  });

  it.each([
    ['ecoh', "semdistro: 'ecoh' is not a command (did you mean echo?).\n"],
    ['kubernetes', "semdistro: 'kubernetes' is not a command.\n"],
    ['--verbose', "semdistro: '--verbose' is not an option.\n"],
  ])('does not know %s', async (word, message) => {
    const { code, out, err } = await run(word);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: `${message}See \`semdistro --help\`.\n`,
    });
  });

  it('prints an expected failure with its hint, and passes its exit code on', async () => {
    expect(await run('fails')).toEqual({
      code: 125,
      out: '',
      err: 'semdistro fails: no space left\nMake some.\n',
    });
  });

  it('does not hide a bug', async () => {
    await expect(run('fails', 'bug')).rejects.toThrow('a bug');
  });
});

describe('the program', () => {
  const bin = join(repository, 'src', 'cli', 'bin.mjs');

  it('goes on under the pinned Node, with arguments, output and exit code', () => {
    const help = spawnSync(process.execPath, [bin, '--help'], { encoding: 'utf8' });
    expect(help.status).toBe(0);
    for (const { name } of subcommands) expect(help.stdout).toContain(`\n  ${name} `);
    const wrong = spawnSync(process.execPath, [bin, 'nonsense'], { encoding: 'utf8' });
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain("'nonsense' is not a command");
  });

  it('starts under an older Node, too', ({ skip }) => {
    const found = (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, 'node'))
      .find((file) => existsSync(file) && realpathSync(file) !== realpathSync(process.execPath));
    skip(found === undefined, 'there is no other Node in PATH');
    const version = spawnSync(found ?? '', [bin, '--version'], { encoding: 'utf8' });
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toMatch(/^semdistro \d/);
  });

  it.runIf(process.platform === 'linux')('whose output goes to a full disk says so', () => {
    const said = spawnSync('sh', ['-c', '"$0" "$1" --help > /dev/full', process.execPath, bin], {
      encoding: 'utf8',
    });
    expect({ code: said.status, err: said.stderr }).toEqual({
      code: 1,
      err: 'semdistro: write /dev/stdout: no space left on device\nFree some disk space and try again.\n',
    });
  });

  it('whose reader has gone ends without a word', async () => {
    const child = spawn('sh', ['-c', `"$0" "$1" --help | true`, process.execPath, bin]);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(said).toBe('');
  });
});
