// `npm run docker:start` and `docker:stop`: a real Docker to compare with, in .cache/docker-26.

import { join } from 'node:path';
import { argv, getuid, stderr, stdout } from 'node:process';
import { startDocker, stopDocker } from './docker/daemon.ts';
import { repository } from './paths.mjs';

const folder = join(repository, '.cache', 'docker-26');

async function main(action: string | undefined): Promise<number> {
  if (action !== 'start' && action !== 'stop') {
    stderr.write('Usage: real-docker.ts start|stop\n');
    return 2;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64' || getuid?.() !== 0) {
    stderr.write('A Docker daemon of our own needs Linux on amd64, and root.\n');
    return 1;
  }
  if (action === 'stop') {
    await stopDocker(folder);
    return 0;
  }
  const { path, ...variables } = await startDocker(folder, (line) => stderr.write(`${line}\n`));
  // For `eval "$(npm run --silent docker:start)"`.
  for (const [name, value] of Object.entries(variables))
    stdout.write(`export ${name}='${value}'\n`);
  stdout.write(`export PATH='${path}':"$PATH"\n`);
  return 0;
}

process.exitCode = await main(argv[2]);
