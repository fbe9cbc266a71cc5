import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { machineFolder, recordPath } from '../pantry/machine/record.ts';
import { machineCommand } from './machine-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semdistro-machine-cli-'));
  vi.stubEnv('SEMDISTRO_CACHE', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function run(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await machineCommand(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

const see = 'See `semdistro machine --help`.\n';

describe('semdistro machine', () => {
  it.each([[[]], [['--help']], [['build', '--help']]])('%j says what there is', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['build', 'status', 'lock', '--kernel', 'Examples:']) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    [['bild'], "'bild' is not a command (did you mean build?)\n"],
    [['build', '--kernel=arch'], 'unknown kernel arch: one of debian, source\n'],
    [['status', '--kernel=debian'], "Unknown option '--kernel'"],
    [['build', 'now'], "Unexpected argument 'now'"],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`semdistro machine: ${message}`);
    expect(stderr).toContain(see);
  });

  it('says how to make a machine where there is none', async () => {
    expect(await run('status')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no machine yet. Make it: semdistro machine build\n',
    });
  });

  it('says which machine there is, also as JSON', async () => {
    const record = {
      schema: 2,
      snapshot: 'ab.state.zst',
      size: 3,
      sha256: 'ab'.repeat(32),
      kernel: { kind: 'source', version: '6.1.1-1', release: '6.1.1-semdistro' },
      memory: 512 * 1024 * 1024,
      v86: '0.5',
      guest: 'semdistro.invalid/guest:latest',
      sources: [{ package: 'a', version: '1', source: 'b', sourceVersion: '2' }],
    };
    await mkdir(machineFolder(folder));
    await writeFile(recordPath(folder), JSON.stringify(record));
    await writeFile(join(machineFolder(folder), 'ab.state.zst'), 'abc');
    expect((await run('status')).stdout).toBe(
      [
        "Kernel    Linux 6.1.1-semdistro, built from Debian's source 6.1.1-1",
        'Memory    512 MB',
        'Snapshot  ab.state.zst, 3B',
        'Emulator  v86 0.5',
        'Programs  semdistro.invalid/guest:latest',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({
      sources: record.sources,
      snapshot: join(machineFolder(folder), 'ab.state.zst'),
    });
  });
});
