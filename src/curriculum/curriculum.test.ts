import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { curriculum, readCurriculum } from './curriculum.ts';
import { REPOSITORY } from './repository.ts';

describe('the repository’s curriculum', () => {
  it('has no loose end', async () => {
    const { lessons, labs, glossary, histories } = await curriculum();
    const numbers = lessons.map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(numbers).toContain(12);
    expect(lessons.every(({ texts }) => texts['pt-BR'].frontmatter.labs.length > 0)).toBe(true);
    expect([...labs.values()].filter(({ manifest }) => manifest.lesson === undefined)).toHaveLength(
      1,
    );
    expect(glossary.size).toBeGreaterThan(0);
    expect(histories.has('giropops-3.0')).toBe(true);
  });
});

/** A repository with one lesson, and the glossary and histories of this one; its labs and images are given. */
let root: string;
const lesson = 'content/lessons/04-teste';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'semdistro-curriculum-'));
  await mkdir(join(root, lesson), { recursive: true });
  for (const name of ['content/glossary', 'content/histories']) {
    await cp(join(REPOSITORY, name), join(root, name), { recursive: true });
  }
});
afterEach(() => rm(root, { recursive: true }));

const FRONTMATTER = `lesson: 4
title: Um título
question: Uma pergunta?
description: Uma frase.
labs: [go-static]
workspace: labs/go-static/start
sources: []`;

async function write(file: string, text: string): Promise<void> {
  await writeFile(join(root, file), text);
}

/** The same text in both languages, the translation stamped; what reading them says. */
async function faultsOf(body: string, frontmatter = FRONTMATTER): Promise<string> {
  const original = `---\n${frontmatter}\n---\n\n${body}\n`;
  const hash = createHash('sha256').update(original).digest('hex');
  await write(`${lesson}/pt-br.mdx`, original);
  await write(`${lesson}/en.mdx`, original.replace('\n---\n\n', `\noriginal: ${hash}\n---\n\n`));
  return faults();
}

async function faults(): Promise<string> {
  try {
    await readCurriculum(root, await curriculum());
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a lesson', () => {
  it('with everything that there is, is fine', async () => {
    const body = `Um <Term id="camada">camada</Term>.

## Um título

\`\`\`sh run exit=1 says="x"
ls
\`\`\`

<File lab="go-static" path="start/Dockerfile" stage="build" />

<File lab="go-static" path="start/Dockerfile" lines="1-2" />

<HistoryDiff left="giropops-2.0" right="giropops-3.0" />

<Layers image="gcr.io/distroless/base-debian13" />

<Predict question="?" options={['a', "b"]} answer={1}>

Porque sim. [Acima](#um-titulo).

</Predict>

<Lab slug="go-static" />`;
    expect(await faultsOf(body)).toBe('');
  });

  it.each([
    [
      'an unknown lab',
      '<Lab slug="go-statik" />',
      'there is no lab go-statik (did you mean go-static?)',
    ],
    [
      'an unknown glossary term',
      '<Term id="camda">x</Term>',
      'there is no glossary term camda (did you mean camada?)',
    ],
    ['an unknown history', '<History id="giropops-4.0" />', 'there is no history giropops-4.0'],
    [
      'an unknown image',
      '<Layers image="gcr.io/distroless/nada" />',
      'there is no image gcr.io/distroless/nada',
    ],
    [
      'a path of no file',
      '<File lab="go-static" path="start/Dockerfil" />',
      'labs/go-static has no file start/Dockerfil (did you mean',
    ],
    [
      'an unknown stage',
      '<File lab="go-static" path="start/Dockerfile" stage="x" />',
      'has no stage x; it has build',
    ],
    [
      'lines that are not there',
      '<File lab="go-static" path="start/Dockerfile" lines="3-99" />',
      'has no lines 3-99',
    ],
    [
      'an unknown component',
      '<Labb slug="x" />',
      'there is no component <Labb> (did you mean Lab?)',
    ],
    ['a property there is not', '<Lab slug="go-static" x="1" />', '<Lab> takes no x'],
    ['one that is missing', '<Lab />', '<Lab> needs slug="…"'],
    [
      'one of another kind',
      '<Predict question="?" options="a" answer={0}>x</Predict>',
      'options must be a list of texts',
    ],
    [
      'an answer that is no option',
      "<Predict question='?' options={['a', 'b']} answer={2}>x</Predict>",
      'answer must be the index',
    ],
    ['an anchor to nothing', '[x](#nada)', 'there is no heading #nada'],
    ['a link to no page', '[x](/licoes/nada/)', '/licoes/nada/ is no page'],
    [
      'a fence with a slip',
      '```sh run exti=1\nls\n```',
      '`exti=1` is nothing that a command says of itself',
    ],
    [
      'an outcome without a command',
      '```sh exit=1\nls\n```',
      'does not say whether it is `run` or `own`',
    ],
    ['code', 'a {1 + 1} b', 'lessons have words and components, no code'],
    ['MDX that is none', '<Note>', 'Note'],
  ])('with %s is refused, with file and line', async (_, body, why) => {
    const said = await faultsOf(body);
    expect(said).toContain(why);
    expect(said).toMatch(/^content\/lessons\/04-teste\/pt-br\.mdx:11/m);
  });

  it('with a frontmatter that does not fit is refused at its line', async () => {
    const said = await faultsOf(
      'x',
      FRONTMATTER.replace('description: Uma frase.', 'descripton: x'),
    );
    expect(said).toContain('pt-br.mdx:');
    expect(said).toContain('descri');
  });

  it('in one language only is refused', async () => {
    await write(`${lesson}/pt-br.mdx`, `---\n${FRONTMATTER}\n---\n\nx\n`);
    expect(await faults()).toContain(`${lesson}/en.mdx: is missing`);
  });

  it('whose original changed after its translation is refused, with the hash to write', async () => {
    expect(await faultsOf('x')).toBe('');
    const file = join(root, lesson, 'pt-br.mdx');
    const changed = (await readFile(file, 'utf8')).replace('x\n', 'y\n');
    await writeFile(file, changed);
    const said = await faults();
    expect(said).toContain(`${lesson}/en.mdx:9: translates an older ${lesson}/pt-br.mdx`);
    expect(said).toContain(createHash('sha256').update(changed).digest('hex'));
  });

  it('whose translation lacks a command is refused', async () => {
    expect(await faultsOf('```sh run\nls\n```')).toBe('');
    const file = join(root, lesson, 'en.mdx');
    await writeFile(file, (await readFile(file, 'utf8')).replace('ls\n', 'ls -l\n'));
    expect(await faults()).toContain('is not in content/lessons/04-teste/pt-br.mdx');
  });
});
