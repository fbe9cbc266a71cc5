import { mkdtemp, readdir, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../engine/errors.ts';
import { checkConfig, FRAGMENT, sourceKernel } from './source-kernel.ts';

const code = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('the configuration that came out', () => {
  const fragment = '# why\nCONFIG_A=y\nCONFIG_B=n\nCONFIG_NAME="x"\n';
  const lost = (line: string) => `kernel-build-failed: the configuration does not keep ${line}`;

  it.each([
    ['#\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_NAME="x"\n', 'accepted'],
    ['#\nCONFIG_A=y\nCONFIG_NAME="x"\nCONFIG_BIGGER=y\n', 'accepted'],
    ['#\n# CONFIG_A is not set\nCONFIG_NAME="x"\n', lost('CONFIG_A=y')],
    ['#\nCONFIG_A=m\nCONFIG_NAME="x"\n', lost('CONFIG_A=y')],
    ['#\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_NAME="x"\n', lost('CONFIG_B=n')],
    ['#\nCONFIG_A=y\nCONFIG_NAME="y"\n', lost('CONFIG_NAME="x"')],
  ])('%j: %s', (config, expected) => {
    expect(
      code(() => {
        checkConfig(fragment, config);
      }),
    ).toBe(expected);
  });

  it('is asked for line by line, each option once', async () => {
    const lines = (await readFile(FRAGMENT, 'utf8')).split('\n');
    const names = lines.filter((line) => !/^(#|$)/.test(line)).map((line) => line.split('=')[0]);
    expect(names.every((name) => /^CONFIG_\w+$/.test(name ?? ''))).toBe(true);
    expect(names).toHaveLength(new Set(names).size);
    // Without it every C++ program ends in its first lock.
    expect(lines).toContain('CONFIG_COMPAT_32BIT_TIME=y');
  });
});

describe('a kernel from source', () => {
  const source = {
    name: 'linux-source-6.1',
    version: '6.1.1-1',
    sha256: '0'.repeat(64),
    size: 1,
    source: { name: 'linux', version: '6.1.1-1' },
    path: '/nonexistent.deb',
  };
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semdistro-kernel-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it('names the packages to install where programs are missing', async () => {
    vi.stubEnv('PATH', folder);
    const error: unknown = await sourceKernel(source, folder, () => undefined).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'kernel-tools-missing' });
    expect(error).toMatchObject({
      hint: expect.stringMatching(
        /apt-get install --no-install-recommends make gcc\S* binutils\S* flex bison bc perl tar xz-utils (gcc )?libc6-dev`/,
      ) as string,
    });
  });

  it('leaves nothing of a build that failed, nor of one that was killed', async () => {
    await mkdir(join(folder, 'kernel-999999999'));
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
    await expect(sourceKernel(source, folder, () => undefined)).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.startsWith('kernel-'))).toEqual([]);
  });
});
