import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDocker } from '../testing/real-docker.ts';
import { inFolder, semdistro, timedEach } from './commands.ts';
import type { Group } from './group.ts';

const RUNS = 5;
const FILES = 1000;
const BYTES = 20_000_000;
const FASTER = { of: 'ratio', is: '<', limit: 1 } as const;
const TAG = 'semdistro-bench:build';

/** Three stages of nothing but COPY: 1,000 files, 20 MB. Whole commands on both sides. */
export const build: Group = {
  name: 'build',
  about: 'A three-stage build of 1,000 files and 20 MB, without RUN',
  async *measure() {
    const docker = realDocker();
    const reason = docker ? undefined : 'no real Docker to compare with';
    for (const [id, name, options] of [
      ['build.uncached', 'docker build, uncached', ['--no-cache']],
      ['build.cached', 'docker build, cached', []],
    ] as const) {
      yield await inFolder(async (folder) => {
        const context = join(folder, 'context');
        writeContext(context);
        const args = [...options, '-t', TAG, context];
        const home = join(folder, 'home');
        const runs = await timedEach(RUNS, () => semdistro(home, ['docker', 'build', ...args]));
        const reference = docker
          ? await timedEach(RUNS, () => docker.ok(['buildx', 'build', '--load', ...args]))
          : [];
        await docker?.run(['rmi', '-f', TAG]);
        return { id, name, unit: 'ms', runs, reference, goal: FASTER, ...(reason && { reason }) };
      });
    }
  },
};

function writeContext(folder: string): void {
  for (let index = 0; index < FILES; index++) {
    const sub = join(folder, 'src', `d${index % 40}`);
    mkdirSync(sub, { recursive: true });
    writeFileSync(join(sub, `f${index}`), randomBytes(BYTES / FILES));
  }
  const stages = [
    'FROM scratch AS sources',
    'COPY src /src',
    'FROM scratch AS site',
    'COPY --from=sources /src /out',
    'FROM scratch',
    'COPY --from=site /out /app',
    'ENTRYPOINT ["/app/d0/f0"]',
  ];
  writeFileSync(join(folder, 'Dockerfile'), `${stages.join('\n')}\n`);
}
