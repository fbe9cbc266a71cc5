import {
  EngineTrouble,
  factsOf,
  findTools,
  historyOf,
  layerCount,
  packagesOf,
  skip,
  words,
  written,
  writtenRight,
  yesNo,
  type Check,
  type CheckContext,
  type Image,
  type Verdict,
  type Verifier,
  type Words,
  type Written,
  type WrittenQuestion,
} from '../../src/verify/index.ts';

const FILE = 'tabela.txt';
const TOLERANCE = 0.05;
const MINE = 'minha';
const ROWS: readonly (readonly [name: string, reference: string])[] = [
  ['static', 'gcr.io/distroless/static-debian13'],
  ['base', 'gcr.io/distroless/base-debian13:nonroot'],
  ['python3', 'gcr.io/distroless/python3-debian13'],
  ['debian', 'debian:trixie-slim'],
  ['busybox', 'busybox:1.37'],
];
const NAMES = [...ROWS.map(([name]) => name), MINE];
/** Not of the workshop: looked at only where the learner has pulled them. */
const REFERENCE: readonly (readonly [name: string, reference: string])[] = [
  ['ubuntu', 'ubuntu:24.04'],
  ['alpine', 'alpine:latest'],
];

interface Row {
  readonly name: string;
  readonly image: Image;
}

async function table({ engine, built }: CheckContext): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, reference] of ROWS) {
    const image = await engine.image(reference, { pull: true });
    if (!image) {
      throw new EngineTrouble(
        'image-missing',
        words(`a imagem \`${reference}\` não está aqui`, `the image \`${reference}\` is not here`),
      );
    }
    rows.push({ name, image });
  }
  return [...rows, { name: MINE, image: await built() }];
}

/** The table as it was measured on this platform: `base.tamanho (linux/386)` goes before `base.tamanho`. */
function tableOf({ folder, engine }: CheckContext): Written {
  const all = written(folder, FILE);
  return { ...all, get: (key) => all.get(`${key} (${engine.platform})`) ?? all.get(key) };
}

/** A check of one column, all rows of it. */
function column(
  id: string,
  title: Words,
  question: (row: Row) => Promise<WrittenQuestion>,
  needs: readonly string[] = [],
): Check {
  return {
    ...{ id, title, needs },
    run: async (context) => {
      const questions: WrittenQuestion[] = [];
      for (const row of await table(context)) questions.push(await question(row));
      return writtenRight(tableOf(context), questions);
    },
  };
}

function date({ folder }: CheckContext): Verdict {
  return writtenRight(written(folder, FILE), [
    {
      key: 'data',
      judge: (text) =>
        isDate(text)
          ? undefined
          : {
              expected: words('um dia, como AAAA-MM-DD', 'a day, as YYYY-MM-DD'),
              found: words(`\`data: ${text}\``, `\`data: ${text}\``),
            },
    },
  ]);
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // 2026-02-31 is read as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ b: 1, kb: 1e3, mb: 1e6, gb: 1e9 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 },
};

/** Bytes of `24.4 MB` and `23,3 MiB`; undefined without a unit. */
function bytesOf(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:[.,]\d+)?)\s*([a-z]+)$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return factor === undefined ? undefined : Number(number.replace(',', '.')) * factor;
}

function units(context: CheckContext): Verdict {
  const names = [...NAMES, ...REFERENCE.map(([name]) => name)];
  return writtenRight(
    tableOf(context),
    names.map((name) => ({
      key: `${name}.tamanho`,
      judge: (text) =>
        bytesOf(text) === undefined
          ? {
              expected: words(
                'um número e a sua unidade: `kB`, `MB`, `KiB`, `MiB`…',
                'a number and its unit: `kB`, `MB`, `KiB`, `MiB`…',
              ),
              found: words(`\`${name}.tamanho: ${text}\``, `\`${name}.tamanho: ${text}\``),
            }
          : undefined,
    })),
  );
}

function layers({ name, image }: Row): Promise<WrittenQuestion> {
  const rows = historyOf(image).length;
  return Promise.resolve({
    key: `${name}.camadas`,
    judge: (text) =>
      Number(text) === layerCount(image)
        ? undefined
        : {
            expected: words(
              `quantas camadas \`${name}\` tem em \`RootFS.Layers\``,
              `how many layers \`${name}\` has in \`RootFS.Layers\``,
            ),
            found:
              Number(text) === rows
                ? words(
                    `\`${text}\`, que é o número de linhas do \`docker history\``,
                    `\`${text}\`, which is the number of rows of \`docker history\``,
                  )
                : words(
                    `\`${text}\`, e não são tantas`,
                    `\`${text}\`, which is not how many there are`,
                  ),
          },
  });
}

/**
 * Unpacked: what the engine says, what is in the layers, or what a container sees of them. These differ by
 * less than people's ways to measure, and are all honest.
 */
async function unpacked(image: Image): Promise<readonly number[]> {
  const entries = (await image.layers()).flatMap((layer) => layer.entries);
  const seen = new Map(
    [...(await image.files()).walk()].map(({ inode, entry }) => [inode, entry.size]),
  );
  return [
    entries.reduce((sum, { size }) => sum + size, 0),
    [...seen.values()].reduce((sum, size) => sum + size, 0),
    await image.size(),
  ];
}

async function size({ name, image }: Row): Promise<WrittenQuestion> {
  const measured = await unpacked(image);
  return {
    key: `${name}.tamanho`,
    judge: (text) => {
      const said = bytesOf(text) ?? 0;
      if (measured.some((one) => near(said, one))) return undefined;
      const [inLayers = 0] = measured;
      const percent = Math.round((said / inLayers) * 100);
      return {
        expected: words(
          `o tamanho descompactado de \`${name}\`, com até 5 % de diferença`,
          `the unpacked size of \`${name}\`, within 5 %`,
        ),
        found: words(
          `\`${text}\` é ${percent} % do que as camadas têm`,
          `\`${text}\` is ${percent} % of what the layers have`,
        ),
        hint: percent < 60 ? 'compressed' : 'stores',
      };
    },
  };
}

const near = (said: number, measured: number): boolean =>
  Math.abs(said - measured) <= measured * TOLERANCE;

async function packages({ name, image }: Row): Promise<WrittenQuestion> {
  const list = await packagesOf(image);
  const [first] = list;
  return {
    key: `${name}.pacotes`,
    judge: (text) =>
      /^\d+$/.test(text) && near(Number(text), list.length)
        ? undefined
        : {
            expected: words(
              `quantos pacotes o banco de dados de \`${name}\` lista`,
              `how many packages the database of \`${name}\` lists`,
            ),
            found: first
              ? words(
                  `\`${text}\`; ele lista \`${first.name}\`, entre outros, e não são tantos`,
                  `\`${text}\`; it lists \`${first.name}\`, among others, and that is not how many`,
                )
              : words(
                  `\`${text}\`, e não há banco de dados de pacotes nela`,
                  `\`${text}\`, and there is no package database in it`,
                ),
          },
  };
}

async function shell({ name, image }: Row): Promise<WrittenQuestion> {
  const shells = (await findTools(image)).filter(
    ({ kind, visible }) => visible && kind === 'shell',
  );
  // A name that everybody knows convinces more than another link to the same busybox.
  const tool = shells.find(({ by }) => by === 'name') ?? shells[0];
  return yesNo(
    `${name}.shell`,
    tool !== undefined,
    tool
      ? words(`em \`${name}\` há \`${tool.path}\``, `in \`${name}\` there is \`${tool.path}\``)
      : words(`em \`${name}\` não há shell`, `in \`${name}\` there is no shell`),
    tool && { where: { path: tool.path } },
  );
}

async function libc({ name, image }: Row): Promise<WrittenQuestion> {
  let found: readonly [kind: string, path: string] | undefined;
  for (const { entry } of (await image.files()).walk()) {
    const file = entry.path.split('/').at(-1) ?? '';
    if (/^ld-linux.*\.so\.\d+$/.test(file)) found ??= ['glibc', entry.path];
    if (/^ld-musl-.*\.so\.\d+$/.test(file)) found ??= ['musl', entry.path];
  }
  const [kind, path] = found ?? ['nenhuma', undefined];
  return {
    key: `${name}.libc`,
    judge: (text) =>
      text.toLowerCase() === kind ||
      (kind === 'nenhuma' && /^(none|nenhum|nao|não|no)$/i.test(text))
        ? undefined
        : {
            expected:
              path === undefined
                ? words(
                    `em \`${name}\` não há o loader de nenhuma`,
                    `in \`${name}\` there is the loader of none`,
                  )
                : words(`em \`${name}\` há \`/${path}\``, `in \`${name}\` there is \`/${path}\``),
            found: words(`\`${name}.libc: ${text}\``, `\`${name}.libc: ${text}\``),
            ...(path !== undefined && { where: { path: `/${path}` } }),
          },
  };
}

function user({ name, image }: Row): Promise<WrittenQuestion> {
  const right = factsOf(image).user;
  return Promise.resolve({
    key: `${name}.usuario`,
    judge: (text) =>
      number(text) === number(right)
        ? undefined
        : {
            expected: words(
              `\`.Config.User\` de \`${name}\`, que é \`${right}\`${right === '' ? ' (root)' : ''}`,
              `\`.Config.User\` of \`${name}\`, which is \`${right}\`${right === '' ? ' (root)' : ''}`,
            ),
            found: words(`\`${name}.usuario: ${text}\``, `\`${name}.usuario: ${text}\``),
          },
  });
}

const number = (user: string): string => {
  const [name = ''] = user.split(':');
  return { '': '0', root: '0', nonroot: '65532', nobody: '65534' }[name] ?? name;
};

/** Somebody else's figures have a source and a date; where the image is here, they are compared. */
async function reference(context: CheckContext): Promise<Verdict> {
  const answers = tableOf(context);
  const sourced = writtenRight(
    answers,
    REFERENCE.flatMap(([name]) => [`${name}.data`, `${name}.fonte`]).map((key) => ({
      key,
      judge: () => undefined,
    })),
  );
  if (sourced.status !== 'pass') return sourced;
  const here: Row[] = [];
  for (const [name, tag] of REFERENCE) {
    const image = await context.engine.image(tag);
    if (image) here.push({ name, image });
  }
  if (here.length === 0) {
    return skip(
      words(
        'nem `ubuntu:24.04` nem `alpine:latest` estão neste motor: valem os números com data e fonte',
        'neither `ubuntu:24.04` nor `alpine:latest` is in this engine: the figures with date and source stand',
      ),
    );
  }
  return writtenRight(answers, await Promise.all(here.map(size)));
}

async function smaller(context: CheckContext): Promise<Verdict> {
  const answers = tableOf(context);
  const bar = bytesOf(answers.get('alpine.tamanho')?.text ?? '') ?? 0;
  const sizes = new Map<string, number>();
  for (const { name, image } of await table(context)) {
    sizes.set(name, (await unpacked(image))[0] ?? 0);
  }
  return writtenRight(answers, [
    {
      key: 'menores',
      judge: (text) => {
        const said = new Set(text.split(/[\s,;]+/).filter((name) => name !== ''));
        const stranger = [...said].find((name) => !sizes.has(name));
        const wrong = [...sizes].find(([name, bytes]) => said.has(name) !== bytes < bar);
        if (stranger === undefined && wrong === undefined) return undefined;
        const name = stranger ?? wrong?.[0] ?? '';
        const about = `\`${name}\``;
        return {
          expected: words(
            `as imagens da tabela menores que \`${answers.get('alpine.tamanho')?.text ?? ''}\``,
            `the images of the table smaller than \`${answers.get('alpine.tamanho')?.text ?? ''}\``,
          ),
          found:
            stranger !== undefined
              ? words(`${about} não é linha da tabela`, `${about} is no row of the table`)
              : said.has(name)
                ? words(`\`${text}\`: ${about} é maior`, `\`${text}\`: ${about} is larger`)
                : words(
                    `\`${text}\`: ${about} também é menor`,
                    `\`${text}\`: ${about} is smaller, too`,
                  ),
        };
      },
    },
  ]);
}

export default {
  checks: [
    {
      id: 'date',
      title: words('A tabela tem data', 'The table has a date'),
      run: (context) => Promise.resolve(date(context)),
    },
    {
      id: 'units',
      title: words('Todo tamanho tem unidade', 'Every size has a unit'),
      run: (context) => Promise.resolve(units(context)),
    },
    column('layers', words('Quantas camadas cada uma tem', 'How many layers each has'), layers),
    column('size', words('Quanto pesam, descompactadas', 'How large they are, unpacked'), size, [
      'units',
    ]),
    column('packages', words('Quantos pacotes listam', 'How many packages they list'), packages),
    column('shell', words('Onde há um shell', 'Where there is a shell'), shell),
    column('libc', words('Que libc cada uma tem', 'Which libc each has'), libc),
    column('user', words('Que usuário é o padrão', 'Which user is the default'), user),
    {
      id: 'smaller',
      title: words('O que é menor que a Alpine', 'What is smaller than Alpine'),
      needs: ['size'],
      run: smaller,
    },
    {
      id: 'reference',
      title: words(
        'Números dos outros têm fonte e data',
        'Other people’s figures have source and date',
      ),
      needs: ['units'],
      run: reference,
    },
  ],
} satisfies Verifier;
