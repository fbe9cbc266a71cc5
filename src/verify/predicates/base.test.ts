import { describe, expect, it } from 'vitest';
import { dir, file } from '../../testing/entries.ts';
import { NO_PANTRY, pantryImage } from '../../testing/pantry-images.ts';
import { engineWith, portImage } from '../../testing/port-image.ts';
import type { Verdict } from '../check.ts';
import { EngineTrouble, type Image } from '../engine.ts';
import { baseIs, sharedLayers, startsWith } from './base.ts';

const bazel = (name: string) => ({ by: `bazel build //${name}`, entries: [dir(name)] });
const google = await portImage({ rows: [bazel('files'), bazel('tmp')] });
const larger = await portImage({ on: google, rows: [bazel('libc')] });
const debug = await portImage({ on: google, rows: [bazel('busybox')] });
const other = await portImage({ rows: [{ by: 'ADD rootfs', entries: [dir('bin')] }] });
const otherMore = await portImage({ on: other, rows: [{ by: 'RUN make', entries: [dir('opt')] }] });

const engine = engineWith({
  'gcr.io/distroless/static-debian13:nonroot': google,
  'gcr.io/distroless/base-debian13': larger,
  'debian:trixie-slim': other,
  'python:3.13': otherMore,
});

const STATIC = 'gcr.io/distroless/static-debian13:nonroot';

/** An image as a Dockerfile with two lines after FROM makes it. */
const from = (on: Image): Promise<Image> =>
  portImage({
    on,
    rows: [{ by: 'ENV A=1' }, { by: 'COPY app /app # buildkit', entries: [file('app')] }],
  });

const found = (verdict: Verdict): string => (verdict.status === 'fail' ? verdict.found.en : 'pass');

describe('an image is built on its base', () => {
  it('whatever its FROM line was, and with nothing added', async () => {
    expect(found(await baseIs(engine, await from(google), STATIC))).toBe('pass');
    expect(found(await baseIs(engine, google, STATIC))).toBe('pass');
    expect(startsWith(await from(google), google)).toBe(true);
  });

  it.each<[string, Image, string]>([
    ['the base of its base', larger, 'built on `gcr.io/distroless/base-debian13`, which is'],
    ['its :debug, which nobody here knows', debug, 'built on another image of the same family'],
    ['another that is known', other, 'built on `debian:trixie-slim`'],
  ])('and not on %s', async (_, on, text) => {
    expect(found(await baseIs(engine, await from(on), STATIC))).toContain(text);
  });

  it('and not on a few of its layers, or on none', async () => {
    const half = await portImage({ rows: [bazel('files'), { by: 'COPY', entries: [file('x')] }] });
    const verdict = await baseIs(engine, half, STATIC);
    expect(found(verdict)).toBe("only 1 of the base's 2 layers are the image's first");
    expect(verdict).toMatchObject({ where: { layer: { index: 1, createdBy: 'COPY' } } });
    expect(sharedLayers(half, google)).toBe(1);
    const empty = await portImage({});
    expect(found(await baseIs(engine, empty, STATIC))).toContain("only 0 of the base's 2 layers");
  });

  it('and not on what a Dockerfile made of it, when the lab names that', async () => {
    const image = await from(otherMore);
    expect(found(await baseIs(engine, image, 'debian:trixie-slim'))).toBe('pass');
    expect(
      found(await baseIs(engine, image, 'debian:trixie-slim', { among: ['python:3.13'] })),
    ).toContain('built on `python:3.13`');
  });

  it('which nobody can get: that is not the fault of a learner', async () => {
    await expect(baseIs(engine, google, 'gcr.io/distroless/nope')).rejects.toThrow(EngineTrouble);
  });
});

describe.skipIf(NO_PANTRY !== undefined)(
  `of Google's family (${NO_PANTRY ?? 'the pantry is here'})`,
  () => {
    const name = (one: string): string => `gcr.io/distroless/${one}`;
    const NAMES = ['static-debian13', 'base-debian13', 'cc-debian13', 'python3-debian13'];

    it.each(NAMES)('what is built on %s is built on no other', async (one) => {
      const images = new Map<string, Image>();
      for (const each of NAMES.flatMap((n) => [n, `${n}:debug`])) {
        images.set(name(each), await pantryImage(name(each), 'amd64'));
      }
      const real = engineWith(Object.fromEntries(images));
      const on = images.get(name(one));
      if (!on) throw new Error(`${one} is missing`);
      const image = await from(on);
      for (const each of images.keys()) {
        const verdict = await baseIs(real, image, each);
        const expected = each === name(one) ? 'pass' : `built on \`${name(one)}\``;
        expect([each, found(verdict)]).toEqual([each, expect.stringContaining(expected)]);
      }
    });
  },
);
