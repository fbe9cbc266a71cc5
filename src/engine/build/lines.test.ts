import { expect, test } from 'vitest';
import { buildFiles } from '../../testing/build.ts';
import { addTestImage, emptyEngine } from '../../testing/images.ts';
import { file } from '../../testing/entries.ts';
import { findImage } from '../images/find.ts';

test("an image knows which line made each row of its history, its base image's rows aside", async () => {
  const engine = emptyEngine();
  await addTestImage(engine, 'base', {
    rows: [{ by: 'base', entries: [file('x', '1')] }, { by: 'CMD' }],
  });
  const dockerfile = [
    '# a comment',
    'FROM base AS one',
    'ENV A=1 \\',
    '  B=2',
    'FROM one',
    '',
    'COPY a /',
  ];
  await buildFiles(
    engine,
    dockerfile.join('\n'),
    { a: 'a' },
    { names: ['docker.io/library/app:latest'] },
  );
  const { lines } = await findImage(engine, 'app');
  expect(lines).toEqual([null, null, 3, 7]);
});
