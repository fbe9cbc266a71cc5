import { describe, expect, test } from 'vitest';
import { runLine, withPantry } from '../../testing/docker-line.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { shortId } from '../oci/digest.ts';
import { listImages } from './catalog.ts';
import { findImage } from './find.ts';

describe('an image is found', () => {
  test('by name, by name and digest, by ID and by what an ID begins with', async () => {
    const engine = await withPantry();
    await runLine(engine, 'pull -q node:24');
    const [image] = await listImages(engine);
    if (!image) throw new Error('it was pulled');
    const ways = [
      'node:24',
      `node@${image.manifest.digest}`,
      image.id,
      image.id.slice(7),
      shortId(image.id),
    ];
    for (const way of ways) expect((await findImage(engine, way)).id).toBe(image.id);
    await expect(
      findImage(engine, 'node:24', { os: 'linux', architecture: 's390x' }),
    ).rejects.toMatchObject({
      code: 'image-platform',
      message:
        'image with reference node:24 was found but does not match the specified platform: ' +
        'wanted linux/s390x, actual: linux/amd64',
    });
  });

  test('but not by a beginning that several have', async () => {
    const engine = emptyEngine();
    for (let index = 0; index < 40; index++) {
      await addTestImage(engine, `n:${index}`, { rows: [{ by: String(index) }] });
    }
    const images = await listImages(engine);
    const digit = images[0]?.id.charAt(7) ?? '';
    const same = images.filter(({ id }) => id.charAt(7) === digit).length;
    expect(same).toBeGreaterThan(1);
    await expect(findImage(engine, digit)).rejects.toMatchObject({
      code: 'image-ambiguous',
      message: `No such image: ${digit}:latest`,
      hint: `${same} images have an ID that begins with "${digit}": write more of it.`,
    });
  });
});
