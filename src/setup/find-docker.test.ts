import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDocker } from './find-docker.mjs';

/** A folder that is the whole PATH. */
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'find-docker-'));
});
afterEach(() => {
  rmSync(bin, { recursive: true });
});

function program(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** A client that finds an engine at one host, by a context or DOCKER_HOST. */
const client = (host: string, engine: string, buildx = 'echo Name: default'): string => `
case "$1" in
  context) echo ${host};;
  version) [ "$DOCKER_HOST" = ${host} ] && echo "${engine}";;
  buildx) ${buildx};;
esac`;

describe('a Docker on the machine', () => {
  it('is found by its context', async () => {
    program('docker', client('unix:///a.sock', 'Engine 28.0.1'));
    expect(await findDocker({ PATH: bin })).toEqual({
      host: 'unix:///a.sock',
      name: 'Docker 28.0.1',
      buildkit: true,
    });
  });

  it.each(['DOCKER_HOST', 'SEMDISTRO_TEST_DOCKER'])('is found by %s', async (name) => {
    program('docker', client('tcp://b:1', 'Engine 28.0.1'));
    expect(await findDocker({ PATH: bin, [name]: 'tcp://b:1' })).toMatchObject({
      host: 'tcp://b:1',
    });
    expect(await findDocker({ PATH: bin, [name]: 'tcp://c:1' })).toBeUndefined();
  });

  it('may lack BuildKit', async () => {
    program('docker', client('unix:///a.sock', 'Engine 20.10.24', 'exit 1'));
    expect(await findDocker({ PATH: bin })).toMatchObject({ buildkit: false });
  });

  it('may be a Podman, which has no BuildKit whatever its client says', async () => {
    program(
      'docker',
      client('unix:///podman.sock', 'Podman Engine 5.4.2').replace('context)', 'no)'),
    );
    program('podman', 'echo /podman.sock');
    expect(await findDocker({ PATH: bin })).toEqual({
      host: 'unix:///podman.sock',
      name: 'Podman 5.4.2',
      buildkit: false,
    });
  });

  it('may be missing', async () => {
    expect(await findDocker({ PATH: bin })).toBeUndefined();
    program('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect(await findDocker({ PATH: bin })).toBeUndefined();
  });
});
