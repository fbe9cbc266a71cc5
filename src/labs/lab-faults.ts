import { patternMatcher, type PatternMatcher } from '../engine/dockerfile/pattern-matcher.ts';
import { didYouMean } from '../engine/dockerfile/suggest.ts';
import { type Folder, textOf } from '../verify/folder.ts';
import type { Fault } from './invalid.ts';
import type { Lab } from './lab.ts';
import { placeholdersIn } from './template.ts';
import { layered, startNames } from './variants.ts';

const NO_FILES: Folder = new Map();

/** What does not fit together in a lab: manifest, folders and checks. */
export function labFaults(lab: Lab): readonly Fault[] {
  const { slug, manifest, verifier } = lab;
  const file = `labs/${slug}/lab.yaml`;
  const at = (field: string, why: string): Fault => ({ file, field, why });
  const wrong = Object.entries(manifest.wrong);
  const ids = verifier.checks.map(({ id }) => id);
  const isCheck = (field: string, id: string): readonly Fault[] =>
    ids.includes(id)
      ? []
      : [
          at(
            field,
            `verify.ts has no check ${id}${didYouMean(id, ids, { exactCase: true })}; it has ${list(ids)}`,
          ),
        ];
  const folders = [...lab.wrong.keys()];
  return [
    ...verifierFaults(lab),
    ...(lab.start.size === 0 ? [{ file: `labs/${slug}/start`, why: 'has no files' }] : []),
    ...manifest.hints.flatMap(({ check }, i) => isCheck(`hints.${i}.check`, check)),
    ...(manifest.start ? isCheck('start.check', manifest.start.check) : []),
    ...wrong.flatMap(([name, { check }]) => isCheck(`wrong.${name}.check`, check)),
    ...wrong
      .filter(([name, { remove }]) => !folders.includes(name) && remove.length === 0)
      .map(([name]) => at(`wrong.${name}`, `there is no folder wrong/${name} with files in it`)),
    ...folders
      .filter((name) => !(name in manifest.wrong))
      .map((name) => ({
        file: `labs/${slug}/wrong/${name}`,
        why: 'lab.yaml does not name it under `wrong`: say at which check it fails',
      })),
    ...(ids.length > 0 && manifest.start === undefined
      ? [at('start', 'is missing. At which check does start/ fail, and what is said?')]
      : []),
    ...(ids.length > 0 && lab.solution.size === 0 && manifest.solution === undefined
      ? [{ file: `labs/${slug}/solution`, why: 'has no files' }]
      : []),
    ...layerFaults(lab),
    ...templateFaults(lab),
    ...sessionFaults(lab),
  ];
}

/** Somebody who begins has typed nothing; and what a session makes is found by its names. */
function sessionFaults({ slug, manifest, start, solution }: Lab): readonly Fault[] {
  const { session, nonce } = manifest;
  if (session === undefined) return [];
  const at = { file: `labs/${slug}/lab.yaml`, field: 'session' };
  const hasWord = Object.values(nonce).some((one) => one.kind === 'word' && one.per === 'start');
  return [
    ...(solution.has(session) ? [] : [{ ...at, why: `there is no solution/${session}` }]),
    ...(start.has(session)
      ? [{ file: `labs/${slug}/start/${session}`, why: 'is what the learner types: remove it' }]
      : []),
    ...(hasWord
      ? []
      : [
          {
            ...at,
            why: 'needs a word of `nonce` with `per: start`, for the names of what it makes',
          },
        ]),
  ];
}

function verifierFaults({ slug, verifier, manifest }: Lab): readonly Fault[] {
  const file = `labs/${slug}/verify.ts`;
  const before = new Set<string>();
  const faults: Fault[] = [];
  for (const { id, needs = [] } of verifier.checks) {
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) {
      faults.push({ file, why: `the id ${id} must be lower case words joined by hyphens` });
    }
    if (before.has(id)) faults.push({ file, why: `there are two checks ${id}` });
    for (const needed of needs) {
      if (!before.has(needed)) {
        faults.push({ file, why: `${id} needs ${needed}, which is no check before it` });
      }
    }
    before.add(id);
  }
  if (before.size > 0 && manifest.hints.length === 0) {
    faults.push({ file: `labs/${slug}/lab.yaml`, field: 'hints', why: 'there is none' });
  }
  return faults;
}

/** A file of solution/ or wrong/ that is the same as what it covers says nothing and will grow old. */
function layerFaults(lab: Lab): readonly Fault[] {
  const { slug, manifest } = lab;
  const file = `labs/${slug}/lab.yaml`;
  let editable: PatternMatcher;
  try {
    editable = patternMatcher(manifest.edit);
  } catch (error) {
    return [{ file, field: 'edit', why: error instanceof Error ? error.message : String(error) }];
  }
  const layers = [
    {
      ...{ name: 'solution', folder: lab.solution, base: lab.start, field: 'solution.remove' },
      ...{ remove: manifest.solution?.remove ?? [] },
    },
    ...Object.entries(manifest.wrong).map(([name, { over, remove }]) => ({
      ...{ name: `wrong/${name}`, folder: lab.wrong.get(name) ?? NO_FILES },
      ...{ base: layered(lab, over), field: `wrong.${name}.remove`, remove },
    })),
  ];
  return layers.flatMap(({ name, folder, base, field, remove }) => {
    const place = (path: string): string => `labs/${slug}/${name}/${path}`;
    const locked = (path: string): boolean =>
      path !== manifest.session && !editable.match(path).matched;
    return [
      ...[...folder]
        .filter(([path, content]) => sameBytes(content.bytes, base.get(path)?.bytes))
        .map(([path]) => ({ file: place(path), why: 'is the same as what it covers: remove it' })),
      ...[...folder.keys(), ...remove].filter(locked).map((path) => ({
        file: place(path),
        why: 'is no file that `edit` lets a learner change',
      })),
      ...remove
        .filter((path) => !base.has(path))
        .map((path) => ({ file, field, why: `there is no ${path} to take away` })),
    ];
  });
}

function templateFaults(lab: Lab): readonly Fault[] {
  const { slug, manifest } = lab;
  const known = new Set(startNames(manifest));
  const folders = [
    ['start', lab.start] as const,
    ['solution', lab.solution] as const,
    ...[...lab.wrong].map(([name, folder]) => [`wrong/${name}`, folder] as const),
  ];
  return manifest.templates.flatMap((path): readonly Fault[] => {
    const found = folders.flatMap(([name, folder]) => {
      const text = textOf(folder, path);
      return text === undefined ? [] : [{ file: `labs/${slug}/${name}/${path}`, text }];
    });
    if (found.length === 0) {
      const why = `no folder has a file ${path}`;
      return [{ file: `labs/${slug}/lab.yaml`, field: 'templates', why }];
    }
    return found.flatMap(({ file, text }) =>
      placeholdersIn(text)
        .filter((name) => !known.has(name))
        .map((name) => ({ file, why: `{{${name}}} is no value of \`nonce\` with \`per: start\`` })),
    );
  });
}

function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b?.length === a.length && a.every((byte, i) => byte === b[i]);
}

function list(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.join(', ');
}
