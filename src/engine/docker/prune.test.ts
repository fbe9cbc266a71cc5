import { describe, expect, test } from 'vitest';
import { runLine } from '../../testing/docker-line.ts';
import { file } from '../../testing/entries.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { runDocker } from '../../testing/session.ts';
import { once, utf8 } from '../bytes.ts';
import type { Engine } from '../engine.ts';
import { listImages } from '../images/catalog.ts';

describe('docker image prune', () => {
  async function engineWithDangling(): Promise<Engine> {
    const engine = emptyEngine();
    await addTestImage(engine, 'a:1', { rows: [{ by: 'old', entries: [file('a', 'four')] }] });
    await addTestImage(engine, 'a:1', { rows: [{ by: 'new' }] });
    return engine;
  }

  test('asks first, and takes anything but y for a no', async () => {
    const engine = await engineWithDangling();
    const asked = await runDocker(engine, ['image', 'prune'], { stdin: once(utf8('n\n')) });
    expect(asked.text).toBe(
      'WARNING! This will remove all dangling images.\nAre you sure you want to continue? [y/N] ',
    );
    expect(await listImages(engine)).toHaveLength(2);
    const yes = await runDocker(engine, ['image', 'prune'], { stdin: once(utf8('y\n')) });
    expect(yes.text).toMatch(
      /Deleted Images:\n(deleted: sha256:[0-9a-f]{64}\n){2}\nTotal reclaimed space: 4B\n$/,
    );
    expect(await listImages(engine)).toHaveLength(1);
  });

  test('-a takes those with names too', async () => {
    const engine = await engineWithDangling();
    const { out } = await runLine(engine, 'image prune -a -f');
    expect(out).toContain('untagged: a:1\n');
    expect(await listImages(engine)).toEqual([]);
  });
});
