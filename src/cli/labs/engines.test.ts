import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDocker } from '../../testing/session.ts';
import { withFiles } from '../../verify/folder.ts';
import { openEngine } from '../engine-home.ts';
import { openLabEngine } from './engines.ts';

const { signal } = new AbortController();

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'semdistro-engines-'));
});
afterEach(() => rm(home, { recursive: true }));

/** A Docker configuration in which a context is chosen that leads to nobody. */
async function deadContext(): Promise<string> {
  const config = join(home, 'docker');
  const id = createHash('sha256').update('dead').digest('hex');
  const meta = join(config, 'contexts', 'meta', id);
  await mkdir(meta, { recursive: true });
  await writeFile(join(config, 'config.json'), JSON.stringify({ currentContext: 'dead' }));
  const endpoint = { Host: `unix://${home}/nobody.sock`, SkipTLSVerify: false };
  const document = { Name: 'dead', Metadata: {}, Endpoints: { docker: endpoint } };
  await writeFile(join(meta, 'meta.json'), JSON.stringify(document));
  return config;
}

describe('the engine that verifies', () => {
  it('is the built-in one where no Docker answers', async () => {
    const env = { DOCKER_CONFIG: await deadContext() };
    const engine = await openLabEngine('auto', signal, { env, home });
    expect(engine.kind).toBe('embedded');
    await engine.close();
    await expect(openLabEngine('docker', signal, { env, home })).rejects.toMatchObject({
      code: 'no-engine',
    });
  });

  it('is never another than the one that the environment names', async () => {
    const env = { DOCKER_HOST: `unix://${home}/nobody.sock` };
    await expect(openLabEngine('auto', signal, { env, home })).rejects.toMatchObject({
      code: 'no-engine',
    });
    const engine = await openLabEngine('embedded', signal, { env, home });
    expect(engine.kind).toBe('embedded');
    await engine.close();
  });

  it('takes away what it made, and leaves the images that were there', async () => {
    const mine = await openEngine({ home, env: {} });
    const stdin = (async function* () {
      yield new TextEncoder().encode('FROM scratch\nLABEL mine=yes\n');
    })();
    expect((await runDocker(mine, ['build', '-t', 'mine', '-'], { stdin })).code).toBe(0);
    const images = async (): Promise<string> => (await runDocker(mine, ['images', '-aq'])).text;
    const before = await images();
    const engine = await openLabEngine('embedded', signal, { env: {}, home });
    const context = withFiles(new Map(), { Dockerfile: 'FROM scratch\nCOPY a /\n', a: 'a' });
    expect((await engine.build({ context })).ok).toBe(true);
    expect(await images()).not.toBe(before);
    await engine.close();
    expect(await images()).toBe(before);
    expect(before).not.toBe('');
  });

  it('that nobody waits for any more is closed again', async () => {
    const stopped = AbortSignal.abort();
    await expect(openLabEngine('embedded', stopped, { env: {}, home })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});
