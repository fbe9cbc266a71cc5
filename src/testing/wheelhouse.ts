import type { Engine } from '../engine/engine.ts';
import type { ImageSource } from '../engine/images/source.ts';
import { dir, file } from './entries.ts';
import { addTestImage } from './images.ts';

const REFERENCE = 'semdistro.invalid/wheelhouse:latest';

/** The engine with a source of linux/386 that has a wheelhouse of such (empty) files. */
export async function withWheels(engine: Engine, names: readonly string[]): Promise<Engine> {
  const entries = [dir('wheels'), ...names.map((name) => file(`wheels/${name}`))];
  const record = await addTestImage(engine, REFERENCE, { rows: [{ by: 'wheels', entries }] });
  const platform = { os: 'linux', architecture: '386' };
  const image = { reference: REFERENCE, platform, manifest: record.manifest };
  const source: ImageSource = {
    name: 'wheels',
    blobs: engine.store.blobs,
    list: async () => [image],
    resolve: async ({ path }, { architecture }) =>
      path === 'wheelhouse' && architecture === '386' ? image : undefined,
  };
  return { ...engine, sources: [source] };
}
