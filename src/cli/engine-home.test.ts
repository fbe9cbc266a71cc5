import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { utf8 } from '../engine/bytes.ts';
import { engineHome, openEngine, pantryFolder } from './engine-home.ts';

const root = await mkdtemp(join(tmpdir(), 'semdistro-home-'));
afterAll(() => rm(root, { recursive: true, force: true }));

describe('where things are', () => {
  const data = join(homedir(), '.local/share/semdistro');
  it.each([
    ['nothing set', {}, data],
    ['SEMDISTRO_HOME', { SEMDISTRO_HOME: '/srv/sem' }, '/srv/sem'],
    ['SEMDISTRO_HOME, relative', { SEMDISTRO_HOME: 'sem' }, join(process.cwd(), 'sem')],
    ['SEMDISTRO_HOME, empty', { SEMDISTRO_HOME: '' }, data],
    ['XDG_DATA_HOME', { XDG_DATA_HOME: '/srv/data' }, '/srv/data/semdistro'],
    ['XDG_DATA_HOME, relative', { XDG_DATA_HOME: 'data' }, data],
    ['both', { SEMDISTRO_HOME: '/srv/sem', XDG_DATA_HOME: '/srv/data' }, '/srv/sem'],
  ])('the engine, with %s', (_, env, home) => {
    expect(engineHome(env)).toBe(home);
  });

  it('the pantry: where `pantry build` builds it, or where SEMDISTRO_PANTRY says', () => {
    expect(pantryFolder({})).toBe(join(process.cwd(), '.cache/pantry'));
    expect(pantryFolder({ SEMDISTRO_CACHE: '/srv/cache' })).toBe('/srv/cache/pantry');
    expect(pantryFolder({ SEMDISTRO_PANTRY: '/srv/pantry' })).toBe('/srv/pantry');
  });
});

describe('the engine of the command line', () => {
  it('works without a pantry, and keeps what it is given', async () => {
    const env = { SEMDISTRO_HOME: join(root, 'a'), SEMDISTRO_PANTRY: join(root, 'none') };
    const engine = await openEngine({ env });
    expect(engine.sources).toEqual([]);
    expect(engine.defaultPlatform).toEqual({ os: 'linux', architecture: '386' });
    const { digest } = await engine.store.blobs.put(utf8('kept'));
    expect(await (await openEngine({ env })).store.blobs.open(digest)).toBeDefined();
    expect(await readdir(join(root, 'a'))).toEqual(['store']);
  });

  it('has the pantry as its source, where there is one', async () => {
    const pantry = join(root, 'pantry');
    await mkdir(pantry);
    await writeFile(join(pantry, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
    const engine = await openEngine({ home: join(root, 'b'), pantry });
    expect(engine.sources.map(({ name }) => name)).toEqual(['pantry']);
  });

  it('takes another platform as its own', async () => {
    const platform = { os: 'linux', architecture: 'amd64' };
    const engine = await openEngine({ home: join(root, 'c'), pantry: root, platform });
    expect(engine.defaultPlatform).toEqual(platform);
  });
});
