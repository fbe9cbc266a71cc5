import type { Lab } from '../../labs/lab.ts';
import { variantFolder } from '../../labs/variants.ts';
import { type Folder, withFiles } from '../../verify/folder.ts';
import type { Marker } from './marker.ts';
import { commandWords } from './words/index.ts';

/** All that `start` puts into a folder: the lab's files, and a page with its goal in the folder's language. */
export function givenFolder(lab: Lab, { lang, nonce }: Pick<Marker, 'lang' | 'nonce'>): Folder {
  const files = variantFolder(lab, 'start', nonce);
  const { slug, manifest, verifier } = lab;
  const { readme, minutes } = commandWords[lang];
  // A lab that brings a page of its own keeps it.
  if (files.has(readme.name)) return files;
  return withFiles(files, {
    [readme.name]: readme.text({
      ...{ slug, title: manifest.title[lang], goal: manifest.goal[lang].trim() },
      ...{ lesson: manifest.lesson ?? 0, minutes: minutes(manifest.minutes), edit: manifest.edit },
      checks: verifier.checks.map(({ title }) => title[lang]),
    }),
  });
}
