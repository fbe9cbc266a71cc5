import { layerAt, layerCount } from './layers.ts';
import type { Verdict } from '../check.ts';
import { EngineTrouble, type Engine, type Image } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';

/** Whether all layers of `base` are the first of `image`: also true of images made of the base and more. */
export function startsWith(image: Image, base: Image): boolean {
  return sharedLayers(image, base) === layerCount(base);
}

/** How many of their lowest layers are the same. */
export function sharedLayers(image: Image, other: Image): number {
  const theirs = other.config.rootfs.diff_ids;
  const differs = image.config.rootfs.diff_ids.findIndex((id, index) => id !== theirs[index]);
  return differs < 0 ? layerCount(image) : differs;
}

/**
 * The image is built on `base`, however its FROM line spells that: tag, digest, ARG, a stage's name.
 * Images that are themselves made of `base` and more (`base` of `static`, `:debug` of either) do not pass.
 * Tags with equal layers cannot be told apart by them (`latest` and `nonroot`): ask for the user, too.
 * `among` are images to recognise what it is built on instead, besides the usual ones; they are not pulled.
 * Throws EngineTrouble `image-missing` when the engine cannot get `base`.
 */
export async function baseIs(
  engine: Engine,
  image: Image,
  base: string,
  options: { readonly among?: readonly string[] } = {},
): Promise<Verdict> {
  const wanted = await engine.image(base, { pull: true });
  if (!wanted) throw missing(base);
  const expected = words(`construída sobre \`${base}\``, `built on \`${base}\``);
  const among = options.among ?? [];
  if (!startsWith(image, wanted)) {
    const other = await recognise(engine, image, [...among, ...usualBases()]);
    const shared = sharedLayers(image, wanted);
    const where = layerCount(image) > 0 && {
      where: { layer: layerAt(image, Math.min(shared, layerCount(image) - 1)) },
    };
    return fail({ expected, found: instead(wanted, shared, other), ...where });
  }
  const grown = layerNotOfADockerfile(image, wanted);
  const names = grown === undefined ? among : [...among, ...usualBases()];
  const other = await recognise(engine, image, names);
  const larger = other && layerCount(other.image) > layerCount(wanted) ? other : undefined;
  if (!larger && grown === undefined) return pass(expected);
  const at = grown ?? layerCount(wanted);
  return fail({
    expected,
    found: words(
      `construída sobre ${larger ? `\`${larger.name}\`` : 'outra imagem da mesma família'}, que tem \`${base}\` e mais camadas`,
      `built on ${larger ? `\`${larger.name}\`` : 'another image of the same family'}, which is \`${base}\` with layers more`,
    ),
    where: { layer: layerAt(image, at) },
  });
}

/**
 * The first layer above the base that no Dockerfile makes: Google's and Chainguard's images are made
 * by tools that name themselves in the history.
 */
function layerNotOfADockerfile(image: Image, base: Image): number | undefined {
  const above = Array.from({ length: layerCount(image) - layerCount(base) }, (_, index) =>
    layerAt(image, layerCount(base) + index),
  );
  return above.find(({ createdBy }) => /^(?:bazel build |apko\b)/.test(createdBy))?.index;
}

interface Known {
  readonly name: string;
  readonly image: Image;
}

/** The image with the most layers that `image` begins with, of those that the engine has. */
async function recognise(
  engine: Engine,
  image: Image,
  names: readonly string[],
): Promise<Known | undefined> {
  let best: Known | undefined;
  for (const name of new Set(names)) {
    const known = await engine.image(name);
    if (!known || known.id === image.id || !startsWith(image, known)) continue;
    if (layerCount(known) > (best ? layerCount(best.image) : 0)) best = { name, image: known };
  }
  return best;
}

function usualBases(): readonly string[] {
  const google = ['static', 'base-nossl', 'base', 'cc', 'python3', 'nodejs24', 'java21'].flatMap(
    // `nonroot` has the layers of `latest`.
    (name) => ['', ':nonroot', ':debug'].map((tag) => `gcr.io/distroless/${name}-debian13${tag}`),
  );
  return [
    ...google,
    ...['latest', 'latest-dev'].map((tag) => `cgr.dev/chainguard/python:${tag}`),
    ...['debian:trixie-slim', 'busybox:1.37', 'golang:1.24-trixie', 'python:3.13-slim-trixie'],
    ...['node:24-trixie-slim', 'gcc:14-trixie', 'eclipse-temurin:21-jdk'],
  ];
}

function instead(wanted: Image, shared: number, other: Known | undefined): Words {
  if (other) {
    return words(`construída sobre \`${other.name}\``, `built on \`${other.name}\``);
  }
  const all = layerCount(wanted);
  return words(
    `só ${shared} das ${all} camadas da base são as primeiras da imagem`,
    `only ${shared} of the base's ${all} layers are the image's first`,
  );
}

function missing(base: string): EngineTrouble {
  return new EngineTrouble(
    'image-missing',
    words(
      `a imagem \`${base}\` não está aqui e não pôde ser baixada`,
      `the image \`${base}\` is not here and could not be pulled`,
    ),
    {
      advice: words(
        `Sem internet, \`semdistro pantry load --as-upstream\` põe substitutas no seu Docker.`,
        `Without internet, \`semdistro pantry load --as-upstream\` puts stand-ins into your Docker.`,
      ),
    },
  );
}
