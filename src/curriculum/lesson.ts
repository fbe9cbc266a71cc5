import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf, LANGUAGES, type Language } from '../i18n/languages.ts';
import { type Command, parseCommand } from './commands.ts';
import { ContentError, type Fault } from './faults.ts';
import { type MdxText, parseMdx } from './mdx.ts';
import { folderNames } from './read-folder.ts';
import { type Frontmatter, frontmatterSchema } from './schemas.ts';
import { parseYaml } from './yaml-file.ts';

/** A lesson in every language. */
export interface Lesson {
  /** Name of its folder: `04-go-static`. */
  readonly folder: string;
  /** Without the number, as in its address. */
  readonly slug: string;
  readonly number: number;
  readonly texts: Readonly<Record<Language, LessonText>>;
}

export interface LessonText {
  /** From the repository's root. */
  readonly file: string;
  readonly frontmatter: Frontmatter;
  readonly mdx: MdxText;
  readonly commands: readonly Command[];
  /** Of reading, at an adult's 200 words a minute. */
  readonly minutes: number;
}

const WORDS_PER_MINUTE = 200;

/** The lessons of a folder, in their order. Rejects with a ContentError of all that is wrong with their files. */
export async function readLessons(root: string): Promise<readonly Lesson[]> {
  const directory = join(root, 'content', 'lessons');
  const faults: Fault[] = [];
  const lessons: Lesson[] = [];
  for (const folder of await folderNames(directory)) {
    try {
      lessons.push(await readLesson(root, folder));
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new ContentError(faults);
  return lessons.sort((a, b) => a.number - b.number);
}

/** Both, or what is wrong with either, in this order: a slip is often in the two of them. */
async function allOrFaults<T>(...texts: readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  const read = await Promise.allSettled(texts);
  const [first, second] = read;
  if (first.status === 'fulfilled' && second.status === 'fulfilled') {
    return [first.value, second.value];
  }
  throw new ContentError(
    read.flatMap((one) => {
      if (one.status === 'fulfilled') return [];
      if (one.reason instanceof ContentError) return one.reason.faults;
      throw one.reason;
    }),
  );
}

async function readLesson(root: string, folder: string): Promise<Lesson> {
  const place = `content/lessons/${folder}`;
  const [, number = '', slug = ''] = /^(\d\d)-([a-z0-9-]+)$/.exec(folder) ?? [];
  if (number === '') {
    const hint = 'A lesson is a folder like 04-go-static: its number in two digits and a slug';
    throw new ContentError([{ file: place, why: 'is no name of a lesson', hint }]);
  }
  const missing = LANGUAGES.filter(
    (lang) => !existsSync(join(root, place, `${fileNameOf(lang)}.mdx`)),
  ).map((lang): Fault => ({
    file: `${place}/${fileNameOf(lang)}.mdx`,
    why: 'is missing: a lesson is there in every language or in none',
    hint: 'Translate it, or keep it out of content/ until it is',
  }));
  if (missing.length > 0) throw new ContentError(missing);
  const [original, translation] = await allOrFaults(
    readText(root, `${place}/pt-br.mdx`),
    readText(root, `${place}/en.mdx`),
  );
  const stale = staleness(translation, original);
  if (stale !== undefined) throw new ContentError([stale]);
  const texts = { 'pt-BR': original.text, en: translation.text };
  return { folder, slug, number: Number(number), texts };
}

interface ReadText {
  readonly source: string;
  readonly text: LessonText;
}

async function readText(root: string, file: string): Promise<ReadText> {
  const source = await readFile(join(root, file), 'utf8');
  const matter = /^---\n(.*?)\n---\n/s.exec(source)?.[1];
  if (matter === undefined) {
    const why = 'begins with no frontmatter between two lines of ---';
    throw new ContentError([{ file, line: 1, why }]);
  }
  const frontmatter = parseYaml(frontmatterSchema, matter, { file, firstLine: 2 });
  const mdx = parsed(source, file);
  const faults: Fault[] = [];
  const commands = mdx.fences.flatMap((fence): readonly Command[] => {
    const command = parseCommand(fence);
    if (typeof command !== 'string') return command === undefined ? [] : [command];
    const hint = 'Write ```sh run exit=127 says="a part of the output", or ```sh own';
    faults.push({ file, line: fence.line, why: command, hint });
    return [];
  });
  if (faults.length > 0) throw new ContentError(faults);
  const minutes = Math.max(1, Math.round(mdx.words / WORDS_PER_MINUTE));
  return { source, text: { file, frontmatter, mdx, commands, minutes } };
}

function parsed(source: string, file: string): MdxText {
  try {
    return parseMdx(source);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, line, why] = /^(\d+):\d+:\s*(.*)/s.exec(error.message) ?? [];
    throw new ContentError([
      { file, ...(line !== undefined && { line: Number(line) }), why: why ?? error.message },
    ]);
  }
}

/** A translation names the hash of what it translates: when that changed, somebody must look again. */
function staleness(translation: ReadText, original: ReadText): Fault | undefined {
  const { file, frontmatter } = translation.text;
  const hash = createHash('sha256').update(original.source).digest('hex');
  if (frontmatter.original === hash) return undefined;
  const at = translation.source.split('\n').findIndex((line) => line.startsWith('original:'));
  return {
    file,
    line: at < 0 ? 1 : at + 1,
    why:
      frontmatter.original === undefined
        ? 'does not say of which original it is the translation'
        : `translates an older ${original.text.file}`,
    hint: `Bring it up to date, then write "original: ${hash}"`,
  };
}

/** The lab whose files a lesson's commands run among; the playground where it needs none. */
export function workspaceLab({ workspace }: Pick<Frontmatter, 'workspace'>): string {
  return /^labs\/([^/]+)\/start\/?$/.exec(workspace ?? '')?.[1] ?? PLAYGROUND;
}

/** Its lab, which belongs to no lesson. */
export const PLAYGROUND = 'livre';
