import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import * as z from 'zod';
import { nodePlatform } from '../../cli/node-platform.ts';
import { archiveManifest } from '../../testing/differential/archive-manifest.ts';
import { listCases, prepareCase } from '../../testing/differential/cases.ts';
import { describeImage } from '../../testing/differential/describe-image.ts';
import { amd64Engine, BASES } from '../../testing/differential/engine.ts';
import { KNOWN_DIFFERENCES } from '../../testing/differential/known-differences.ts';
import { NO_DOCKER, realDocker, removeNames } from '../../testing/real-docker.ts';
import { type RuncHost, runcHost, runcMissing } from '../../testing/runc-host.ts';
import { runDocker } from '../../testing/session.ts';
import { once } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { memoryStore } from '../store/memory.ts';

/** Every case is built by this engine and by a real Docker, from the same base images. */
const real = realDocker();
const platform = nodePlatform();
/** Of this run: another may use the same Docker. */
const REPOSITORY = `semdistro-case-${process.pid}`;
let ours: Engine;
/** Runs RUN on this Linux, as Docker does: what is compared is not the machine. */
const noRunc = runcMissing();
const processes: RuncHost | undefined = real && noRunc === undefined ? runcHost() : undefined;

beforeAll(async () => {
  if (!real) return;
  ours = {
    ...(await amd64Engine(memoryStore(platform))),
    ...(processes && { processHost: processes.host }),
  };
  // What cache mounts of an earlier run left there would be seen.
  await real.ok(['builder', 'prune', '-f', '--filter', 'type=exec.cachemount']);
  const archives = mkdtempSync(join(tmpdir(), 'semdistro-bases-'));
  for (const [index, base] of BASES.entries()) {
    const archive = join(archives, `${index}.tar`);
    await succeeds(ours, ['pull', base]);
    await succeeds(ours, ['save', '-o', archive, base]);
    await real.ok(['load', '-i', archive]);
  }
  rmSync(archives, { recursive: true });
}, 600_000);

afterAll(async () => {
  await processes?.close();
  if (!real) return;
  await removeNames(real, REPOSITORY);
}, 120_000);

describe.concurrent('a Dockerfile builds to what Docker makes of it', { timeout: 120_000 }, () => {
  test.for(listCases('builds'))('%s', async (name, { skip, expect }) => {
    if (!real) return skip(NO_DOCKER);
    if (name.startsWith('run-') && noRunc !== undefined) return skip(noRunc);
    const { folder, args, remove } = prepareCase('builds', name);
    const tag = `${REPOSITORY}:${name}`;
    try {
      const [mine, theirs] = await Promise.all([
        runDocker(ours, ['build', '-t', tag, ...args, folder]),
        real.run(['buildx', 'build', '--load', '-t', tag, ...args, folder]),
      ]);
      expect(theirs.code, theirs.stderr).toBe(0);
      expect(mine.code, mine.stderr).toBe(0);

      // Docker's image is read from its own archive: everything Docker saves, we load. An image
      // without layers it does not save: there `inspect` and `history` have to do.
      const built = await describeImage(ours, tag);
      const copy: Engine = { ...ours, store: memoryStore(platform), sources: [] };
      const saved = built.layers.length > 0;
      if (saved) {
        const { stdout: archive } = await real.ok(['save', tag]);
        const load = await runDocker(copy, ['load'], { stdin: once(archive) });
        expect(load.text, load.stderr).toBe(`Loaded image: ${tag}\n`);
        const { stdout: again } = await runDocker(copy, ['save', tag]);
        expect(await archiveManifest(again), 'saved again').toEqual(await archiveManifest(archive));
      }
      const image = { mine: built, theirs: saved ? await describeImage(copy, tag) : built };
      const inspect = ['inspect', '--type', 'image', '--format', '{{json .Config}}', tag];
      const inspected = {
        mine: configOf((await runDocker(ours, inspect)).text),
        theirs: configOf((await real.ok(inspect)).text),
      };
      const format = [
        'history',
        '--no-trunc',
        '--format',
        '{{.CreatedBy}}|{{.Size}}|{{.Comment}}',
        tag,
      ];
      const history = {
        mine: (await runDocker(ours, format)).text,
        theirs: (await real.ok(format)).text,
      };
      const parts = {
        inspect: [inspected.mine, inspected.theirs],
        config: [image.mine.config, image.theirs.config],
        history: [image.mine.history, image.theirs.history],
        layers: [image.mine.layers, image.theirs.layers],
        'docker history': [history.mine, history.theirs],
      } as const;
      for (const [part, [got, wanted]] of Object.entries(parts)) {
        const known = KNOWN_DIFFERENCES.find((one) => one.case === name && one.part === part);
        // A difference that is gone must go from the list too.
        if (known) expect(got, `no longer different: ${known.reason}`).not.toEqual(wanted);
        else expect(got, part).toEqual(wanted);
      }
      // Everything we save, Docker loads, and knows by the same ID.
      if (!saved) return;
      const { stdout: archive } = await runDocker(ours, ['save', tag]);
      await real.ok(['load'], { stdin: archive });
      const id = ['inspect', '--type', 'image', '--format', '{{.Id}}', tag];
      expect((await runDocker(ours, id)).text).toBe((await real.ok(id)).text);
    } finally {
      remove();
    }
  });
});

test('what this engine builds and saves, Docker runs', async ({ skip, expect }) => {
  if (!real) return skip(NO_DOCKER);
  const { folder, remove } = prepareCase('builds', 'copy-heredoc');
  const tag = `${REPOSITORY}:runs`;
  try {
    await succeeds(ours, ['build', '-t', tag, folder]);
    await real.ok(['load'], { stdin: (await runDocker(ours, ['save', tag])).stdout });
    const { text } = await real.ok(['run', '--rm', '--network', 'none', tag, 'cat', '/greeting']);
    expect(text).toBe('olá mundo\n');
  } finally {
    remove();
  }
}, 60_000);

describe.concurrent('a Dockerfile that fails, fails with its words', { timeout: 120_000 }, () => {
  test.for(listCases('errors'))('%s', async (name, { skip, expect }) => {
    if (!real) return skip(NO_DOCKER);
    if (name.startsWith('run-') && noRunc !== undefined) return skip(noRunc);
    const { folder, args, remove } = prepareCase('errors', name);
    try {
      const [mine, theirs] = await Promise.all([
        runDocker(ours, ['build', '--progress=plain', ...args, folder]),
        real.run(['buildx', 'build', ...args, folder]),
      ]);
      expect(theirs.code, 'Docker builds it').not.toBe(0);
      expect({ code: mine.code, said: conclusion(mine.stderr) }, mine.stderr).toEqual({
        code: theirs.code,
        said:
          KNOWN_DIFFERENCES.find((one) => one.case === `errors/${name}`)?.ours ??
          conclusion(theirs.stderr),
      });
    } finally {
      remove();
    }
  });
});

/** What `docker inspect` says of a config; Docker adds the host name and more of a container's fields. */
function configOf(json: string): unknown {
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  return Object.fromEntries(
    INSPECTED.map((field) => [field, config[field] ?? null]).filter(([, value]) => value !== null),
  );
}

const INSPECTED = [
  'User',
  'Env',
  'Cmd',
  'Entrypoint',
  'WorkingDir',
  'ExposedPorts',
  'Volumes',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'Shell',
  'OnBuild',
];

/** The last message and the excerpt of the Dockerfile, without the random names in them. */
function conclusion(stderr: string): string {
  const lines = stderr.trimEnd().split('\n');
  const from = lines.findLastIndex((line) => /^\S*Dockerfile:\d+$/.test(line));
  const error = lines.findLastIndex((line) => line.startsWith('ERROR: '));
  return (
    lines
      // Our hint comes below.
      .slice(from < 0 ? error : from, error + 1)
      .join('\n')
      // Which of the two it says depends on how fast its client asks.
      .replace('failed to run Build function: ', 'failed to solve: ')
      .replace(/ref [\w:-]+/g, 'ref …')
      .replace(/ \/\S*\/merged\//g, ' /')
  );
}

async function succeeds(engine: Engine, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runDocker(engine, args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} exited with ${code}\n${stderr}`);
}
