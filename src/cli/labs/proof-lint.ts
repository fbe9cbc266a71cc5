import { parseDockerfile } from '../../engine/dockerfile/parse.ts';
import { canonicalName, parseReference } from '../../engine/oci/reference.ts';
import type { Lab } from '../../labs/lab.ts';
import { textOf } from '../../verify/folder.ts';
import { loadRecipes } from '../../pantry/load-recipes.ts';
import { publishedImages, resolveImage } from '../../pantry/resolve.ts';
import type { Words } from '../../verify/words.ts';

/** One is the opposite of right, two are examples, three are what people really do. */
const WRONG_ANSWERS = 3;

/**
 * What a lab lacks that its files alone show, a line each; what makes it no lab at all is thrown by
 * `makeLab`. `hasImage` is whether the pantry's recipes have an image of that canonical name.
 */
export function lintLab(lab: Lab, hasImage: (name: string) => boolean): readonly string[] {
  const { manifest, verifier } = lab;
  const { checks } = verifier;
  const wrong = Object.keys(manifest.wrong).length;
  return [
    ...(checks.length > 0 && wrong < WRONG_ANSWERS
      ? [`has ${wrong} wrong answers, and needs ${WRONG_ANSWERS}`]
      : []),
    ...textsOf(lab)
      .filter(([, text]) => !isTranslated(text))
      .map(([name]) => `${name} is the same in both languages, or missing in one`),
    ...manifest.hints
      .filter(({ text }) => Object.values(text).some((one) => givesAway(lab, one)))
      .map(({ id }) => `hint ${id} has a line of the solution in it`),
    ...manifest.engine.images
      .filter((image) => !hasImage(canonical(image)))
      .map((image) => `engine.images: the pantry has no ${image}`),
    ...undeclaredImages(lab).map((image) => `engine.images does not name ${image}`),
  ];
}

function textsOf({ manifest, verifier }: Lab): readonly (readonly [string, Words])[] {
  return [
    ['goal', manifest.goal],
    ...manifest.hints.map(({ id, text }) => [`hint ${id}`, text] as const),
    ...Object.entries(manifest.wrong).map(([name, one]) => [`wrong.${name}`, one.about] as const),
    ...verifier.checks.map(({ id, title }) => [`title of ${id}`, title] as const),
  ];
}

/** A word or two may be the same: "Shell", "Docker Hub". */
function isTranslated(text: Words): boolean {
  const [portuguese, english] = [text['pt-BR'].trim(), text.en.trim()];
  const isShort = portuguese.split(/\s+/).length < 3;
  return portuguese !== '' && english !== '' && (isShort || portuguese !== english);
}

/** A hint says what is wrong or where to look, never what to paste. */
function givesAway(lab: Lab, hint: string): boolean {
  const quoted = Array.from(hint.matchAll(/`([^`]+)`/g), ([, code = '']) => code.trim());
  const known = new Set(linesOf(lab, 'start'));
  const added = linesOf(lab, 'solution').filter((line) => !known.has(line) && line.length > 8);
  return added.some((line) => quoted.includes(line));
}

function linesOf(lab: Lab, variant: 'start' | 'solution'): readonly string[] {
  const folder = variant === 'start' ? lab.start : lab.solution;
  return [...folder.keys()].flatMap((path) =>
    (textOf(folder, path) ?? '').split('\n').map((line) => line.trim()),
  );
}

/** What the solution's Dockerfiles are `FROM`; a name with a variable in it is nobody's. */
function undeclaredImages(lab: Lab): readonly string[] {
  if (lab.solution.size === 0) return [];
  const declared = new Set(lab.manifest.engine.images.map(canonical));
  const folder = new Map([...lab.start, ...lab.solution]);
  const images = [...folder.keys()]
    .filter((path) => /(^|\/)([^/]*\.)?Dockerfile(\.[^/]*)?$/.test(path) && !/ignore$/.test(path))
    .flatMap((path) => basesOf(textOf(folder, path) ?? ''));
  return [...new Set(images)].filter((image) => !declared.has(canonical(image)));
}

function basesOf(text: string): readonly string[] {
  const stages = parseDockerfile(text).dockerfile?.stages ?? [];
  return stages.flatMap(({ from: { image } }, at) => {
    const isStage = stages.slice(0, at).some(({ name }) => name === image.toLowerCase());
    return isStage || image === 'scratch' || image.includes('$') ? [] : [image];
  });
}

/** A digest pins what the tag means today: a stand-in has another. */
function canonical(image: string): string {
  const { domain, path, tag = 'latest' } = parseReference(image.replace(/@sha256:.*$/, ''));
  return canonicalName({ domain, path, tag });
}

/** Canonical names of all images that the recipes make. */
export async function pantryNames(): Promise<ReadonlySet<string>> {
  const families = await loadRecipes();
  return new Set(
    publishedImages(families).flatMap((id) =>
      resolveImage(families, id, '386').flatMap((image) => image.references),
    ),
  );
}
