import {
  absentEverywhere,
  baseIs,
  drawn,
  EngineTrouble,
  fail,
  findEverywhere,
  historyOf,
  layerAt,
  layerCount,
  layersAre,
  pass,
  textIn,
  textOf,
  whereIs,
  words,
  written,
  writtenRight,
  type CheckContext,
  type Image,
  type Verdict,
  type Verifier,
  type Words,
  type WrittenQuestion,
} from '../../src/verify/index.ts';

const BASE = 'gcr.io/distroless/static-debian13:nonroot';
const ANSWERS = 'respostas.txt';
const LEAKED = 'srv/credencial.txt';

async function base({ engine }: CheckContext): Promise<Image> {
  const image = await engine.image(BASE, { pull: true });
  if (image) return image;
  throw new EngineTrouble(
    'image-missing',
    words(`a imagem \`${BASE}\` não está aqui`, `the image \`${BASE}\` is not here`),
  );
}

/** Each of the three files is in /site, with what the folder has under that name. */
async function content({ built, folder }: CheckContext): Promise<Verdict> {
  const image = await built();
  const files = await image.files();
  for (const [path, source] of [
    ['site/index.html', 'site/index.html'],
    ['site/estilo.css', 'site/estilo.css'],
    ['site/mensagem.txt', 'mensagem.txt'],
  ] as const) {
    const wanted = textOf(folder, source);
    const there = await textIn(files, path);
    if (there === wanted) continue;
    return fail({
      expected: words(
        `\`/${path}\` com o que há em \`${source}\``,
        `\`/${path}\` with what is in \`${source}\``,
      ),
      found:
        there === undefined
          ? words(`\`/${path}\` não está na imagem`, `\`/${path}\` is not in the image`)
          : words(
              `em \`/${path}\` há \`${start(there)}\``,
              `in \`/${path}\` there is \`${start(there)}\``,
            ),
      where: await whereIs(image, path),
    });
  }
  return pass();
}

const start = (text: string): string => text.trim().slice(0, 60);

async function rows(context: CheckContext): Promise<Verdict> {
  const image = await context.built();
  const own = historyOf(image).slice(historyOf(await base(context)).length);
  const found = amount(own.length);
  if (own.length === 5) return pass(found);
  const list = own.map(({ createdBy }) => `\`${createdBy}\``).join(', ');
  return fail({
    expected: amount(5),
    found: words(`${found['pt-BR']}: ${list}`, `${found.en}: ${list}`),
  });
}

const amount = (rows: number): Words =>
  words(
    `${rows} ${rows === 1 ? 'linha' : 'linhas'} a mais que a base`,
    `${rows} ${rows === 1 ? 'row' : 'rows'} more than the base`,
  );

const leak = ({ built }: CheckContext): Promise<Image> =>
  built({ dockerfile: 'vazamento.Dockerfile' });

/** A number that is counted in layers; saying which row of the history it is instead is a common mistake. */
function counted(key: string, right: number, row: number, what: Words): WrittenQuestion {
  return {
    key,
    judge: (text) => {
      if (Number(text) === right) return undefined;
      return {
        expected: what,
        found:
          Number(text) === row
            ? words(
                `\`${key}: ${text}\`, que conta as linhas do \`docker history\``,
                `\`${key}: ${text}\`, which counts rows of \`docker history\``,
              )
            : words(`\`${key}: ${text}\`, e não é`, `\`${key}: ${text}\`, and it is not`),
      };
    },
  };
}

async function leakLayers(context: CheckContext): Promise<Verdict> {
  const image = await leak(context);
  return writtenRight(written(context.folder, ANSWERS), [
    counted(
      'camadas',
      layerCount(image),
      historyOf(image).length,
      words(
        'quantas camadas há em `RootFS.Layers`',
        'how many layers there are in `RootFS.Layers`',
      ),
    ),
  ]);
}

async function leakWhere(context: CheckContext): Promise<Verdict> {
  const image = await leak(context);
  const [file] = await findEverywhere(image, { globs: [LEAKED] });
  if (file?.hiddenBy === undefined) return changed();
  const rowOf = (layer: number): number =>
    historyOf(image).findIndex((row) => row.layer?.index === layer) + 1;
  return writtenRight(written(context.folder, ANSWERS), [
    counted(
      'trouxe',
      file.layer + 1,
      rowOf(file.layer),
      words(`a camada em que está \`/${LEAKED}\``, `the layer that has \`/${LEAKED}\``),
    ),
    counted(
      'apagou',
      file.hiddenBy + 1,
      rowOf(file.hiddenBy),
      words(`a camada que apaga \`/${LEAKED}\``, `the layer that deletes \`/${LEAKED}\``),
    ),
  ]);
}

async function leakContent(context: CheckContext): Promise<Verdict> {
  const image = await leak(context);
  const [file] = await findEverywhere(image, { globs: [LEAKED] });
  const text = textOf(context.folder, 'credencial.txt')?.trim();
  if (file === undefined || text === undefined) return changed();
  return writtenRight(written(context.folder, ANSWERS), [
    {
      key: 'conteudo',
      judge: (answer) =>
        answer === text
          ? undefined
          : {
              expected: words(
                `o que a camada tem em \`/${LEAKED}\``,
                `what the layer has in \`/${LEAKED}\``,
              ),
              found: words(`\`${answer}\`, que não está nela`, `\`${answer}\`, which is not in it`),
              where: { path: `/${LEAKED}`, layer: layerAt(image, file.layer) },
            },
    },
  ]);
}

function changed(): Verdict {
  return fail({
    expected: words(
      '`vazamento.Dockerfile` como foi dado: traz `credencial.txt` e o apaga',
      '`vazamento.Dockerfile` as it was given: it brings `credencial.txt` and deletes it',
    ),
    found: words('ele foi mudado', 'it was changed'),
    where: { source: { file: 'vazamento.Dockerfile' } },
  });
}

const shop = ({ built }: CheckContext): Promise<Image> => built({ dockerfile: 'loja.Dockerfile' });

async function catalogue(context: CheckContext): Promise<Verdict> {
  const image = await shop(context);
  const path = 'loja/catalogo.txt';
  const wanted = `- ${drawn(context.nonce, 'produto')}`;
  const there = await textIn(await image.files(), path);
  if (there?.trim() === wanted) return pass();
  return fail({
    expected: words(`\`${wanted}\` em \`/${path}\``, `\`${wanted}\` in \`/${path}\``),
    found:
      there === undefined
        ? words(`\`/${path}\` não está na imagem`, `\`/${path}\` is not in the image`)
        : words(`nele há \`${start(there)}\``, `in it is \`${start(there)}\``),
    where: await whereIs(image, path),
  });
}

export default {
  checks: [
    {
      id: 'base',
      title: words(
        'A imagem é feita sobre static-debian13',
        'The image is built on static-debian13',
      ),
      run: async (context) => baseIs(context.engine, await context.built(), BASE),
    },
    {
      id: 'content',
      title: words('Os três arquivos estão em /site', 'The three files are in /site'),
      needs: ['base'],
      run: content,
    },
    {
      id: 'layers',
      title: words('Duas camadas a mais que a base', 'Two layers more than the base'),
      needs: ['content'],
      run: async (context) => layersAre(await context.built(), 2, { over: await base(context) }),
    },
    {
      id: 'rows',
      title: words('Cinco linhas a mais que a base', 'Five rows more than the base'),
      needs: ['content'],
      run: rows,
    },
    {
      id: 'leak-layers',
      title: words('Quantas camadas tem o vazamento', 'How many layers the leak has'),
      run: leakLayers,
    },
    {
      id: 'leak-where',
      title: words(
        'Que camada trouxe o arquivo, e qual o apagou',
        'Which layer brought the file, and which deleted it',
      ),
      run: leakWhere,
    },
    {
      id: 'leak-content',
      title: words('O que havia no arquivo apagado', 'What was in the deleted file'),
      run: leakContent,
    },
    {
      id: 'catalogue',
      title: words('A loja tem o catálogo', 'The shop has its catalogue'),
      run: catalogue,
    },
    {
      id: 'no-secret',
      title: words('O token não está em camada nenhuma', 'The token is in no layer'),
      needs: ['catalogue'],
      run: async (context) =>
        absentEverywhere(await shop(context), { contents: drawn(context.nonce, 'token') }),
    },
  ],
} satisfies Verifier;
