import { describe, expect, test } from 'vitest';
import { buildFiles, testEngine, treeOf } from '../../testing/build.ts';
import { fakeHost } from '../../testing/process-host.ts';
import { withWheels } from '../../testing/wheelhouse.ts';
import { EngineError } from '../errors.ts';
import { wheelhouseFor } from './wheelhouse.ts';

const PIP = treeOf({ 'usr/local/bin/pip': '' });
const X86 = { os: 'linux', architecture: '386' };
const WHEELS = [
  'flask-3.1.1-py3-none-any.whl',
  'prometheus_client-0.21.1-py3-none-any.whl',
  'README',
];

describe('the wheelhouse', () => {
  test('is mounted where there is pip', async () => {
    const engine = await withWheels(testEngine(), WHEELS);
    const { mounts, env, wheels } = await wheelhouseFor(engine, PIP, X86, []);
    expect(mounts).toMatchObject([{ kind: 'tree', target: '/dev/wheelhouse', source: 'wheels' }]);
    expect(env).toEqual(['PIP_FIND_LINKS=/dev/wheelhouse', 'PIP_NO_INDEX=1']);
    expect(wheels).toEqual([
      { project: 'flask', version: '3.1.1' },
      { project: 'prometheus-client', version: '0.21.1' },
    ]);
  });

  test('leaves variables alone that are set', async () => {
    const engine = await withWheels(testEngine(), WHEELS);
    const { env } = await wheelhouseFor(engine, PIP, X86, ['PIP_NO_INDEX=0', 'X=1']);
    expect(env).toEqual(['PIP_FIND_LINKS=/dev/wheelhouse']);
  });

  test('is not there without pip, without a source, or for another platform', async () => {
    const none = { mounts: [], env: [], wheels: [] };
    const engine = await withWheels(testEngine(), WHEELS);
    expect(await wheelhouseFor(engine, treeOf({ 'usr/bin/python3': '' }), X86, [])).toEqual(none);
    expect(await wheelhouseFor(testEngine(), PIP, X86, [])).toEqual(none);
    const arm = { os: 'linux', architecture: 'arm64' };
    expect(await wheelhouseFor(engine, PIP, arm, [])).toEqual(none);
  });
});

describe('RUN in an image with pip', () => {
  const lines = 'FROM scratch\nCOPY . /\nRUN pip install flask\n';
  const files = { 'usr/bin/pip3': 'pip' };

  test('finds the wheels, and leaves no trace of them', async () => {
    const { host, started } = fakeHost();
    const plain = await buildFiles(testEngine(fakeHost().host), lines, files);
    const engine = await withWheels(testEngine(host), WHEELS);
    const { config } = await buildFiles(engine, lines, files);
    expect(started[0]?.process.env).toContain('PIP_NO_INDEX=1');
    expect(started[0]?.mounts.map(({ target }) => target)).toContain('/dev/wheelhouse');
    expect(config.config).toEqual(plain.config.config);
    expect(config.history.map((row) => row.created_by)).toEqual(
      plain.config.history.map((row) => row.created_by),
    );
    expect(config.rootfs).toEqual(plain.config.rootfs);
    // Nor is it a reason to run it again.
    const without = { ...engine, sources: [] };
    expect((await buildFiles(without, lines, files)).cached).toContain(
      '[2/2] RUN pip install flask',
    );
  });

  test.for([
    ['Flask==3.0.3', /of flask it is 3\.1\.1\. Ask for that \(`flask==3\.1\.1`/],
    [
      'Prometheus_Client<0.2 (from -r requirements.txt (line 3))',
      /of prometheus-client it is 0\.21\.1/,
    ],
    ['numpy', /These are there: flask 3\.1\.1, prometheus-client 0\.21\.1\. Build with your own/],
  ] as const)('%s, which is not there, fails with what is', async ([requirement, hint]) => {
    const stderr = `ERROR: No matching distribution found for ${requirement}\n`;
    const { host } = fakeHost(() => ({ exitCode: 1, stderr }));
    const engine = await withWheels(testEngine(host), WHEELS);
    try {
      await buildFiles(engine, lines, files);
      expect.unreachable();
    } catch (error) {
      expect(error instanceof EngineError ? error.hint : error).toMatch(hint);
    }
  });
});
