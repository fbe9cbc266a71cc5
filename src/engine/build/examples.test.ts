import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { nodePlatform } from '../../cli/node-platform.ts';
import { describeImage, type ImageDescription } from '../../testing/differential/describe-image.ts';
import { amd64Engine } from '../../testing/differential/engine.ts';
import { basesOf, BUILDING, exampleFolder, forDocker } from '../../testing/examples.ts';
import { NO_DOCKER, realDocker, removeNames } from '../../testing/real-docker.ts';
import { type RuncHost, runcHost, runcMissing } from '../../testing/runc-host.ts';
import { runDocker } from '../../testing/session.ts';
import { once } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { memoryStore } from '../store/memory.ts';

/**
 * Examples as labs have them, built by this engine and by a real Docker from the same base images, for
 * linux/amd64. Processes run natively on both sides; that the machine gives the same is tested in src/machine.
 */
const real = realDocker();
const missing = real ? runcMissing() : NO_DOCKER;
const platform = nodePlatform();
const REPOSITORY = `semdistro-example-${process.pid}`;
const WHEELS = 'semdistro.invalid/wheelhouse:latest';
const PIP = `${REPOSITORY}:pip`;
/** In the real Docker the bases have names of this test's own: under upstream's, others want them with wheels. */
const bases = [...new Set([...BUILDING.flatMap(basesOf), WHEELS])];
const nameOf = (base: string): string => `${REPOSITORY}:base-${bases.indexOf(base)}`;
const PIP_CONF = '[global]\nno-index = true\nfind-links = /dev/wheelhouse\n';

/** What cannot be the same, whoever builds it. */
const DIFFERENT: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /\/__pycache__\/[^"]*\.pyc"/, why: 'bytecode has the time its source was installed' },
  { path: /"app\.jar"/, why: 'an archive of Java has the times of what is in it' },
];

let ours: Engine;
let processes: RuncHost | undefined;

beforeAll(async () => {
  if (!real || missing !== undefined) return;
  processes = runcHost();
  const engine = await amd64Engine(memoryStore(platform), bases);
  ours = { ...engine, processHost: processes.host };
  const folder = mkdtempSync(join(tmpdir(), 'semdistro-bases-'));
  for (const [index, base] of bases.entries()) {
    const archive = join(folder, `${index}.tar`);
    await succeeds(['pull', base]);
    // As a stand-in under upstream's name it may be there already: to send it again takes long.
    const id = (await succeeds(['image', 'inspect', '-f', '{{.Id}}', base])).trim();
    if ((await real.run(['tag', id, nameOf(base)])).code === 0) continue;
    await succeeds(['tag', base, nameOf(base)]);
    await succeeds(['save', '-o', archive, nameOf(base)]);
    await real.ok(['load', '-i', archive]);
    rmSync(archive);
  }
  writeFileSync(join(folder, 'pip.conf'), PIP_CONF);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY pip.conf /\n');
  await real.ok(['build', '-t', PIP, folder]);
  rmSync(folder, { recursive: true });
}, 1_200_000);

afterAll(async () => {
  await processes?.close();
  if (!real || missing !== undefined) return;
  await removeNames(real, REPOSITORY);
}, 120_000);

describe('an example builds to what Docker makes of it', { timeout: 600_000 }, () => {
  test.for(BUILDING)('%s', async (name, { skip, expect }) => {
    if (!real || missing !== undefined) return skip(missing ?? NO_DOCKER);
    const tag = `${REPOSITORY}:${name}`;
    const mounts = [
      `type=bind,from=${nameOf(WHEELS)},source=/wheels,target=/dev/wheelhouse`,
      `type=bind,from=${PIP},source=/pip.conf,target=/etc/pip.conf`,
    ];
    const { dockerfile, remove } = forDocker(name, mounts, nameOf);
    try {
      const folder = exampleFolder(name);
      await Promise.all([
        succeeds(['build', '-t', tag, folder]),
        real.ok(['buildx', 'build', '--load', '-t', tag, '-f', dockerfile, folder]),
      ]);
    } finally {
      remove();
    }
    const copy: Engine = { ...ours, store: memoryStore(platform), sources: [] };
    const { stdout: archive } = await real.ok(['save', tag]);
    await runDocker(copy, ['load'], { stdin: once(archive) });
    const mine = await describeImage(ours, tag);
    const theirs = await describeImage(copy, tag);
    expect(mine.config, 'config').toEqual(theirs.config);
    expect(mine.history, 'history').toEqual(theirs.history);
    expect(comparable(mine), 'layers').toEqual(comparable(theirs));
  });
});

/** Lines of files without the content of those that cannot be the same. */
function comparable({ layers }: ImageDescription): readonly (readonly string[])[] {
  return layers.map((lines) =>
    lines.map((line) => {
      if (!DIFFERENT.some(({ path }) => path.test(line))) return line;
      // Type, mode and owner; not size and content.
      return line.replace(/^(\S+ \S+ \S+) \d+/, '$1').replace(/ [0-9a-f]{16}$/, '');
    }),
  );
}

/** What it printed. */
async function succeeds(args: readonly string[]): Promise<string> {
  const { code, text, stderr } = await runDocker(ours, args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} exited with ${code}\n${stderr}`);
  return text;
}
