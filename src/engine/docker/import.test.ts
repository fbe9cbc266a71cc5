import { describe, expect, test } from 'vitest';
import { runLine } from '../../testing/docker-line.ts';
import { dir, file } from '../../testing/entries.ts';
import { emptyEngine } from '../../testing/images.ts';
import { runDocker } from '../../testing/session.ts';
import { collect, once, utf8 } from '../bytes.ts';
import { listImages } from '../images/catalog.ts';
import { writeTar } from '../tar/writer.ts';

describe('docker import', () => {
  test('makes an image of a tar, with changes', async () => {
    const engine = emptyEngine();
    const archive = await collect(writeTar([dir('a'), file('a/b', 'hello')]));
    const args = [
      'import',
      '-m',
      'why',
      '-c',
      'CMD ["x"]',
      '-c',
      'ENV A=b',
      '-c',
      'WORKDIR /a',
      '-',
      'i:1',
    ];
    const { text, code } = await runDocker(engine, args, { stdin: once(archive) });
    expect(code).toBe(0);
    expect(text).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    const { out } = await runLine(
      engine,
      'inspect -f {{.ID}}|{{.Comment}}|{{.Config.Cmd}}|{{.Config.Env}}|{{.Config.WorkingDir}}|{{.Size}} i:1',
    );
    expect(out).toBe(`${text.trim()}|why|[x]|[A=b]|/a|5\n`);
  });

  test('refuses what is no tar, and keeps nothing', async () => {
    const engine = emptyEngine();
    const { code, stderr } = await runDocker(engine, ['import', '-'], {
      stdin: once(utf8('junk'.repeat(300))),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error response from daemon: /);
    expect(await listImages(engine)).toEqual([]);
  });
});
