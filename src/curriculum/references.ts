import { didYouMean } from '../engine/dockerfile/suggest.ts';
import { pageAt } from '../i18n/href.ts';
import { LANGUAGES, type Language } from '../i18n/languages.ts';
import type { Fault } from './faults.ts';
import type { QuotedLab } from './labs.ts';
import { type Lesson, type LessonText, workspaceLab } from './lesson.ts';
import type { MdxElement } from './mdx.ts';
import { quote } from './quote.ts';
import type { History, Term } from './schemas.ts';
import { fullName } from './stand-ins.ts';
import { elementFaults } from './vocabulary.ts';

/** Everything that a lesson may refer to. */
export interface Targets {
  readonly lessons: readonly Lesson[];
  readonly labs: ReadonlyMap<string, QuotedLab>;
  readonly glossary: ReadonlyMap<string, Term>;
  readonly histories: ReadonlyMap<string, History>;
  /** Full names of the stand-ins. */
  readonly images: ReadonlySet<string>;
}

/** Every reference of the lessons and of the glossary that leads nowhere, and what does not fit together. */
export function referenceFaults(targets: Targets): readonly Fault[] {
  return [
    ...targets.lessons.flatMap((lesson) => [
      ...lessonFaults(lesson, targets),
      ...pairFaults(lesson),
      ...LANGUAGES.flatMap((lang) => textFaults(lesson.texts[lang], lang, targets)),
    ]),
    ...[...targets.glossary.values()].flatMap(({ id, see }) =>
      see
        .filter((other) => !targets.glossary.has(other))
        .map((other) => ({
          file: `content/glossary/${id}.yaml`,
          ...unknown('glossary term', other, targets.glossary.keys()),
        })),
    ),
  ];
}

function lessonFaults({ number, texts }: Lesson, { labs, lessons }: Targets): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { file, frontmatter } of Object.values(texts)) {
    const fault = (why: string, hint?: string): void => {
      faults.push({ file, line: 1, why, ...(hint !== undefined && { hint }) });
    };
    if (frontmatter.lesson !== number) {
      fault(`\`lesson\` is ${frontmatter.lesson} in the folder of lesson ${number}`);
    }
    for (const slug of frontmatter.labs) {
      const lab = labs.get(slug);
      if (lab === undefined) faults.push({ file, line: 1, ...unknown('lab', slug, labs.keys()) });
      else if (lab.manifest.lesson !== number) {
        fault(`lab ${slug} is not of this lesson`, `labs/${slug}/lab.yaml says of which it is`);
      }
    }
    const { workspace } = frontmatter;
    if (workspace !== undefined && !/^labs\/[^/]+\/start\/?$/.test(workspace)) {
      fault(`\`workspace\` is ${workspace}`, 'Write labs/<slug>/start');
    } else if (!labs.has(workspaceLab(frontmatter))) {
      faults.push({ file, line: 1, ...unknown('lab', workspaceLab(frontmatter), labs.keys()) });
    }
  }
  if (lessons.filter((one) => one.number === number).length > 1) {
    faults.push({ file: texts['pt-BR'].file, why: `there are two lessons ${number}` });
  }
  return faults;
}

/** A translation has the same commands, components and headings, in the same order. */
function pairFaults({ texts }: Lesson): readonly Fault[] {
  const [original, translation] = [texts['pt-BR'], texts.en];
  const parts = (text: LessonText): readonly { what: string; line: number }[] =>
    [
      ...text.commands.map(({ script, where, exit, says, line }) => ({
        ...{ what: `the command ${JSON.stringify([script, where, exit, says])}`, line },
      })),
      ...text.mdx.elements.map(({ name, line }) => ({ what: `<${name}>`, line })),
      ...text.mdx.headings.map(({ depth, line }) => ({
        what: `a heading of depth ${depth}`,
        line,
      })),
    ].sort((a, b) => a.line - b.line);
  const [theirs, ours] = [parts(original), parts(translation)];
  const kinds = (text: readonly { what: string }[]): string =>
    text
      .map(({ what }) => what)
      .sort()
      .join('\n');
  if (kinds(theirs) === kinds(ours)) return [];
  const left = [...theirs];
  const extra = ours.find(({ what }) => {
    const at = left.findIndex((one) => one.what === what);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const found = extra ?? left[0];
  if (found === undefined) return [];
  const here = extra === undefined ? original : translation;
  const other = extra === undefined ? translation : original;
  const hint = 'A translation has the same commands, components and headings';
  return [
    { file: here.file, line: found.line, why: `${found.what} is not in ${other.file}`, hint },
  ];
}

function textFaults(text: LessonText, lang: Language, targets: Targets): readonly Fault[] {
  const { file, mdx } = text;
  return [
    ...mdx.elements.flatMap((element) =>
      [...elementFaults(element).map((why) => ({ why })), ...targetFaults(element, targets)].map(
        (fault) => ({ file, line: element.line, ...fault }),
      ),
    ),
    ...mdx.code.map(({ line }) => ({
      ...{ file, line, why: 'lessons have words and components, no code' },
      hint: 'Put braces into `backticks`',
    })),
    ...mdx.links.flatMap(({ url, line }) => {
      const why = linkFault(url, { text, lang, targets });
      return why === undefined ? [] : [{ file, line, ...why }];
    }),
  ];
}

type Why = Pick<Fault, 'why' | 'hint'>;

function targetFaults({ name, props }: MdxElement, targets: Targets): readonly Why[] {
  const text = (prop: string): string | undefined => {
    const value = props.get(prop);
    return typeof value === 'string' ? value : undefined;
  };
  const known = (what: string, prop: string, map: ReadonlyMap<string, unknown>): readonly Why[] => {
    const id = text(prop);
    return id === undefined || map.has(id) ? [] : [unknown(what, id, map.keys())];
  };
  switch (name) {
    case 'Lab':
      return known('lab', 'slug', targets.labs);
    case 'Term':
      return known('glossary term', 'id', targets.glossary);
    case 'History':
      return known('history', 'id', targets.histories);
    case 'HistoryDiff':
      return ['left', 'right'].flatMap((side) => known('history', side, targets.histories));
    case 'Layers': {
      const image = text('image');
      return image === undefined || isImage(image, targets)
        ? []
        : [unknown('image', image, targets.images)];
    }
    case 'File':
      return [...known('lab', 'lab', targets.labs), ...quoteFaults(text, targets)];
    default:
      return [];
  }
}

function isImage(name: string, { images }: Targets): boolean {
  try {
    return images.has(fullName(name));
  } catch {
    return false;
  }
}

function quoteFaults(
  text: (prop: string) => string | undefined,
  { labs }: Targets,
): readonly Why[] {
  const lab = labs.get(text('lab') ?? '');
  const path = text('path');
  if (lab === undefined || path === undefined) return [];
  try {
    quote(lab, { path, stage: text('stage'), lines: text('lines') });
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [{ why: error.message }];
    throw error;
  }
}

interface LinkPlace {
  readonly text: LessonText;
  readonly lang: Language;
  readonly targets: Targets;
}

function linkFault(url: string, { text, lang, targets }: LinkPlace): Why | undefined {
  if (/^https:\/\//.test(url)) return undefined;
  const [path = '', anchor] = url.split('#');
  if (path === '') return anchorFault(anchor, text);
  const slugs = {
    lesson: targets.lessons.map(({ slug }) => slug),
    lab: [...targets.labs.keys()],
  };
  const found = pageAt(path, slugs);
  if (found === undefined) {
    return {
      why: `${path} is no page`,
      hint: 'Write the address of a page from the root: /licoes/history/',
    };
  }
  if (found.lang !== lang) {
    return { why: `${path} is a page in ${found.lang}`, hint: `Link to the one in ${lang}` };
  }
  if (anchor === undefined || !('slug' in found.page) || found.page.name !== 'lesson')
    return undefined;
  const { slug } = found.page;
  const lesson = targets.lessons.find((one) => one.slug === slug);
  return lesson && anchorFault(anchor, lesson.texts[lang]);
}

function anchorFault(anchor: string | undefined, { mdx }: LessonText): Why | undefined {
  const anchors = mdx.headings.map((heading) => heading.anchor);
  if (anchor === undefined || anchors.includes(anchor)) return undefined;
  return unknown(
    'heading',
    `#${anchor}`,
    anchors.map((one) => `#${one}`),
  );
}

function unknown(what: string, id: string, there: Iterable<string>): Required<Why> {
  const options = [...there];
  const why = `there is no ${what} ${id}${didYouMean(id, options, { exactCase: true })}`;
  const shown = options.slice(0, 12).join(', ');
  return { why, hint: `There are: ${shown}${options.length > 12 ? ', …' : ''}` };
}
