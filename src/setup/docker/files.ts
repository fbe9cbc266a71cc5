import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aptSource } from '../../pantry/packages/apt.ts';
import { packageCache } from '../../pantry/packages/cache.ts';
import { must } from './commands.ts';

/** Debian's `runc` of another release may not start here: the machine's own is used. */
const packages = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd', 'tini'];

/** Where an unpacked Docker is. */
export interface DockerFiles {
  /** To be put before PATH. */
  readonly path: string;
  /** DOCKER_CONFIG, with the client's plugins. */
  readonly config: string;
}

/** Downloads and unpacks Docker's Debian packages below `folder`; does nothing when they are there. */
export async function dockerFiles(
  folder: string,
  say: (line: string) => void,
): Promise<DockerFiles> {
  const root = join(folder, 'root');
  const config = join(folder, 'config');
  if (!existsSync(root)) await unpack(folder, root, say);
  const plugin = join(config, 'cli-plugins', 'docker-buildx');
  await mkdir(join(config, 'cli-plugins'), { recursive: true });
  await rm(plugin, { force: true });
  await symlink(join(root, 'usr/libexec/docker/cli-plugins/docker-buildx'), plugin);
  return { path: `${join(root, 'usr/sbin')}:${join(root, 'usr/bin')}`, config };
}

async function unpack(folder: string, root: string, say: (line: string) => void): Promise<void> {
  const cache = packageCache(join(folder, 'packages'));
  const source = aptSource({ directory: join(folder, 'apt'), cache });
  for (const line of await source.refresh(['amd64'])) say(line);
  const found = (
    await source.find(
      packages.map((name) => ({ name })),
      'amd64',
    )
  ).map((item, index) => {
    if (item === undefined) throw new Error(`no package ${packages[index] ?? ''} in Debian 13`);
    return item;
  });
  await source.fetch(found, 'amd64');
  const partial = `${root}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const { name, version, sha256, size } of found) {
    const file = await cache.find(sha256, size);
    if (file === undefined) throw new Error(`${name} is not in the cache after it was fetched`);
    must('dpkg-deb', ['-x', file, partial]);
    say(`${name} ${version}`);
  }
  await writeFile(join(partial, 'ready'), '');
  await rename(partial, root);
}
