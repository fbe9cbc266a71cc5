import { describe, expect, it } from 'vitest';
import { textOf, withFiles } from '../folder.ts';
import { dir, file } from '../../testing/entries.ts';
import { portImage } from '../../testing/port-image.ts';
import { scriptedEngine } from '../../testing/verify-engine.ts';
import { builder } from '../built.ts';
import { parseDockerfile } from '../../engine/dockerfile/parse.ts';
import type { BuildRequest, Image } from '../engine.ts';
import { rebuild } from './rebuild.ts';

/**
 * A builder as far as layers are concerned: what a COPY brings depends on the files it copies, what a
 * RUN makes on all the layers below. `npm ci` makes a module.
 */
async function layersOf({ context, dockerfile = 'Dockerfile' }: BuildRequest): Promise<Image> {
  const parsed = parseDockerfile(textOf(context, dockerfile) ?? '').dockerfile;
  let image = await portImage({ rows: [{ by: 'base', entries: [dir('base')] }] });
  for (const one of parsed?.stages.at(-1)?.instructions ?? []) {
    if (one.kind === 'copy') {
      const copied = [...context].filter(([path]) =>
        one.sources.some((s) => s === '.' || s === path),
      );
      const entries = copied.map(([path, { bytes }]) => file(`app/${path}`, bytes));
      image = await portImage({
        on: image,
        rows: [{ by: `COPY ${copied.map(([, f]) => f.bytes.length).join()}`, entries }],
      });
    } else if (one.kind === 'run') {
      const path = one.text.includes('npm ci') ? 'app/node_modules/caju/package.json' : 'app/dist';
      const by = `RUN ${one.text} on ${image.config.rootfs.diff_ids.join()}`;
      image = await portImage({ on: image, rows: [{ by, entries: [file(path)] }] });
    } else image = await portImage({ on: image, rows: [{ by: one.text }] });
  }
  return image;
}

async function judge(text: string, makes = 'node_modules/caju/package.json') {
  const engine = scriptedEngine({ build: layersOf });
  const folder = withFiles(new Map(), {
    ...{ Dockerfile: text, 'app.js': 'x', 'package.json': '{}' },
  });
  const built = builder(engine, folder);
  const verdict = await rebuild({ built, folder }, { touch: 'app.js', makes });
  return { verdict, builds: engine.builds.map(({ context }) => textOf(context, 'Dockerfile')) };
}

const GOOD = `FROM node AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build
FROM distroless
COPY --from=build /app /app
`;

describe('rebuild', () => {
  it('passes when the dependencies are installed before the sources come', async () => {
    const { verdict, builds } = await judge(GOOD);
    expect(verdict).toMatchObject({
      status: 'pass',
      found: { en: '`RUN npm ci` (line 4) was not run again' },
    });
    // What comes behind it is not built again.
    expect(builds.at(-1)).toBe(GOOD.split('\n').slice(0, 4).join('\n') + '\n');
  });

  it('fails when the sources come first, and says which instruction was to blame', async () => {
    const text = GOOD.replace('COPY package.json ./', 'COPY . .');
    const { verdict, builds } = await judge(text);
    // That it would run again is known without waiting for it.
    expect(builds.at(-1)).toBe('FROM node AS build\nWORKDIR /app\nCOPY . .\n');
    expect(verdict).toMatchObject({
      status: 'fail',
      found: {
        en: '`RUN npm ci` (line 4) was run again; the first layer that changed is that of `COPY . .` (line 3)',
        'pt-BR':
          '`RUN npm ci` (linha 4) foi executada de novo; a primeira camada que mudou é a de `COPY . .` (linha 3)',
      },
      where: { source: { file: 'Dockerfile', line: 3 } },
    });
  });

  it('fails when nothing installs them', async () => {
    expect((await judge(GOOD, 'node_modules/goiaba/package.json')).verdict).toMatchObject({
      status: 'fail',
      found: { en: 'no layer of any stage has that file' },
    });
  });

  it('passes when they are installed in a stage of their own', async () => {
    const text = `FROM node AS deps\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\n${GOOD}`;
    expect((await judge(text)).verdict.status).toBe('pass');
  });
});
