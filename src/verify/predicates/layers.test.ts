import { describe, expect, it } from 'vitest';
import { file, symlink, whiteout } from '../../testing/entries.ts';
import { portImage } from '../../testing/port-image.ts';
import { historyOf, layerAt, layerCount, layerOf, layersAre, whereIs } from './layers.ts';

const base = await portImage({ rows: [{ by: 'ADD rootfs', entries: [file('a'), file('b')] }] });
const image = await portImage({
  on: base,
  rows: [
    { by: 'ENV A=1' },
    { by: 'COPY a /a', entries: [file('a', 'new')] },
    { by: 'USER 65532' },
    { by: 'RUN rm /b', entries: [whiteout('b')] },
    { by: 'CMD ["/a"]' },
  ],
});
const ids = image.config.rootfs.diff_ids;

describe('rows of the history', () => {
  it('are more than layers, and each layer has one', () => {
    expect(layerCount(image)).toBe(3);
    expect(historyOf(image)).toEqual([
      { createdBy: 'ADD rootfs', layer: { index: 0, diffId: ids[0] } },
      { createdBy: 'ENV A=1' },
      { createdBy: 'COPY a /a', layer: { index: 1, diffId: ids[1] } },
      { createdBy: 'USER 65532' },
      { createdBy: 'RUN rm /b', layer: { index: 2, diffId: ids[2] } },
      { createdBy: 'CMD ["/a"]' },
    ]);
    expect(layerAt(image, 2)).toEqual({ index: 2, diffId: ids[2], createdBy: 'RUN rm /b' });
    expect(() => layerAt(image, 3)).toThrow('no layer 3');
  });

  it('may be missing, or too many: layers are told all the same', () => {
    const { config } = image;
    const without = { ...image, config: { ...config, history: [] } };
    expect(historyOf(without).map(({ layer }) => layer?.index)).toEqual([0, 1, 2]);
    const more = {
      ...image,
      config: { ...config, history: [...config.history, ...config.history] },
    };
    expect(historyOf(more).filter(({ layer }) => layer)).toHaveLength(3);
  });
});

describe('how many layers there are', () => {
  it('is told of all, or of those over a base', () => {
    expect(layersAre(image, 3)).toMatchObject({ status: 'pass' });
    expect(layersAre(image, 2, { over: base })).toMatchObject({ status: 'pass' });
    expect(layersAre(image, 6)).toEqual({
      status: 'fail',
      expected: { 'pt-BR': '6 camadas no total', en: '6 layers in all' },
      found: { 'pt-BR': '3 camadas no total', en: '3 layers in all' },
      where: { layer: layerAt(image, 2) },
    });
    expect(layersAre(image, 1, { over: base })).toMatchObject({
      status: 'fail',
      expected: { en: '1 layer more than the base' },
      found: { en: '2 layers more than the base' },
    });
  });
});

describe('the layer of a path', () => {
  it('is the one that a container sees', async () => {
    expect(await layerOf(image, '/a')).toBe(1);
    expect(await layerOf(base, 'a')).toBe(0);
    expect(await layerOf(image, '/b')).toBeUndefined();
    expect(await layerOf(image, '/never')).toBeUndefined();
    const linked = await portImage({
      on: image,
      rows: [{ by: 'ADD', entries: [symlink('bin', 'usr/bin'), file('usr/bin/sh')] }],
    });
    expect(await layerOf(linked, '/bin/sh')).toBe(3);
    expect(await whereIs(image, '/a')).toEqual({ path: '/a', layer: layerAt(image, 1) });
    expect(await whereIs(image, 'b')).toEqual({ path: '/b' });
  });
});
