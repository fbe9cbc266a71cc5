import { describe, expect, it } from 'vitest';
import { EngineError } from '../engine/errors.ts';
import { FAKE_RECIPE } from './fake-packages.ts';
import { loadRecipes, parseRecipe } from './load-recipes.ts';
import type { OciArchitecture } from './recipe.ts';
import { publishedImages, resolveImage } from './resolve.ts';

describe('a recipe file', () => {
  it.each([
    [
      'an unknown key',
      'config: { user',
      'config: { usr',
      /^fake\.yaml:10: variants\.0\.config: Unrecognized key: "usr"/,
    ],
    [
      'a relative path',
      'dir: /debug',
      'dir: debug',
      /:30: images\.0\.layers\.3\.files\.0\.dir: must be an absolute path/,
    ],
    ['an escape', 'dir: /debug', 'dir: /a/../b', /must be an absolute path/],
    ['a bad mode', "mode: '1777'", "mode: '1877'", /mode: must be octal digits in quotes/],
    ['a mode that is a number', "mode: '1777'", 'mode: 1777', /files\.0\.mode: /],
    ['an exception without a reason', ', reason: only this variant has it', '', /when\.reason: /],
    [
      'a package that cannot be one',
      'install: [two]',
      'install: [Two]',
      /install\.0: must be a Debian package name/,
    ],
    ['another name than the file', 'family: fake', 'family: other', /:1: family: must be "fake"/],
    ['no YAML', 'title: Images', 'title: [', /^fake\.yaml:4: /],
  ])('is refused for %s, with file, line and key', (_, right, wrong, message) => {
    expect(() => parseRecipe(FAKE_RECIPE, 'fake.yaml')).not.toThrow();
    const broken = FAKE_RECIPE.replace(right, wrong);
    expect(broken).not.toBe(FAKE_RECIPE);
    let thrown: unknown;
    try {
      parseRecipe(broken, 'fake.yaml');
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof EngineError)) throw new Error('nothing was thrown');
    expect(thrown.code).toBe('recipe-invalid');
    expect(thrown.message).toMatch(message);
  });
});

describe("the pantry's recipes", () => {
  it('answer to the references that labs and lessons use', async () => {
    const recipes = await loadRecipes();
    const references = new Set(
      publishedImages(recipes).flatMap((id) =>
        resolveImage(recipes, id, '386').flatMap((image) => image.references),
      ),
    );
    const google = ['static', 'base-nossl', 'base', 'cc', 'python3', 'nodejs24', 'java21'];
    for (const name of google.flatMap((image) => [image, `${image}-debian13`])) {
      for (const tag of ['latest', 'nonroot', 'debug', 'debug-nonroot']) {
        expect(references).toContain(`gcr.io/distroless/${name}:${tag}`);
      }
    }
    const elsewhere = [...references].filter(
      (name) => !/^(gcr\.io|semdistro\.invalid)\//.test(name),
    );
    expect(elsewhere.sort()).toEqual([
      'cgr.dev/chainguard/python:latest',
      'cgr.dev/chainguard/python:latest-dev',
      'cgr.dev/chainguard/static:latest',
      'docker.io/library/busybox:1',
      'docker.io/library/busybox:1.37',
      'docker.io/library/busybox:1.37.0',
      'docker.io/library/busybox:latest',
      'docker.io/library/busybox:stable',
      'docker.io/library/debian:13-slim',
      'docker.io/library/debian:trixie-slim',
      'docker.io/library/eclipse-temurin:21',
      'docker.io/library/eclipse-temurin:21-jdk',
      'docker.io/library/gcc:14',
      'docker.io/library/gcc:14-trixie',
      'docker.io/library/golang:1.24',
      'docker.io/library/golang:1.24-trixie',
      'docker.io/library/node:24-slim',
      'docker.io/library/node:24-trixie-slim',
      'docker.io/library/python:3.13-slim',
      'docker.io/library/python:3.13-slim-trixie',
      'docker.io/library/redis:8',
      'docker.io/library/redis:8-trixie',
      'docker.io/library/redis:8.0',
      'docker.io/library/redis:8.0-trixie',
    ]);
  });

  it("have the machine's own shell for the one platform that the machine is", async () => {
    const recipes = await loadRecipes();
    const of = (architecture: OciArchitecture) =>
      resolveImage(recipes, 'machine/guest', architecture).flatMap(({ references }) => references);
    expect(of('386')).toEqual(['semdistro.invalid/guest:latest']);
    expect(of('amd64')).toEqual([]);
  });

  it('say of every image how it differs, and first that Node is 20 where it is', async () => {
    const recipes = await loadRecipes();
    for (const id of publishedImages(recipes)) {
      for (const architecture of ['386', 'amd64'] as const) {
        for (const image of resolveImage(recipes, id, architecture)) {
          expect(image.differs.length, image.name).toBeGreaterThan(0);
        }
      }
    }
    for (const id of ['distroless/nodejs24', 'node/node']) {
      expect(resolveImage(recipes, id, '386')[0]?.differs[0]).toMatch(
        /^Node is version 20, Debian's, and not 24/,
      );
      expect(resolveImage(recipes, id, 'amd64')[0]?.differs.join(' ')).not.toMatch(/version 20/);
    }
  });
});
