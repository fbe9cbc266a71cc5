import {
  argvResolves,
  drawn,
  envIs,
  fail,
  findTools,
  firstFailure,
  historyOf,
  layerAt,
  layerCount,
  layersAre,
  pass,
  textIn,
  userIs,
  whereIs,
  words,
  written,
  writtenRight,
  yesNo,
  type Check,
  type CheckContext,
  type FoundTool,
  type Image,
  type Verdict,
  type Verifier,
  type Words,
  type WrittenQuestion,
} from '../../src/verify/index.ts';

const FILE = 'respostas.txt';
const NAMES = ['um', 'dois', 'tres', 'quatro', 'cinco'];
const CERTIFICATES = [
  'etc/ssl/certs/ca-certificates.crt',
  'etc/ssl/cert.pem',
  'etc/pki/tls/certs/ca-bundle.crt',
];

/** One of the five, by the name that was drawn for it. */
interface Exhibit {
  readonly name: string;
  readonly image: Image;
}

async function exhibits({ built, nonce }: CheckContext): Promise<readonly Exhibit[]> {
  const images: Exhibit[] = [];
  for (const one of NAMES) {
    const name = drawn(nonce, one);
    images.push({ name, image: await built({ dockerfile: 'imagens.Dockerfile', target: name }) });
  }
  return images;
}

/** A check of one column of the answers, over all five images. */
function column(
  id: string,
  title: Words,
  question: (exhibit: Exhibit) => Promise<WrittenQuestion>,
  needs: readonly string[] = ['names'],
): Check {
  return {
    ...{ id, title, needs },
    run: async (context) =>
      writtenRight(
        written(context.folder, FILE),
        await Promise.all((await exhibits(context)).map(question)),
      ),
  };
}

function namesAreOfThisFolder({ folder, nonce }: CheckContext): Verdict {
  const names = NAMES.map((one) => drawn(nonce, one));
  const answers = written(folder, FILE);
  const stranger = answers.keys.find((key) => !names.some((name) => key.startsWith(`${name}.`)));
  if (stranger === undefined) return pass();
  const line = answers.get(stranger)?.line;
  const list = names.map((name) => `\`${name}\``).join(', ');
  return fail({
    expected: words(`linhas sobre ${list}`, `lines about ${list}`),
    found: words(
      `\`${stranger}\`: não há imagem com este nome em \`imagens.Dockerfile\``,
      `\`${stranger}\`: no image in \`imagens.Dockerfile\` has this name`,
    ),
    where: { source: { file: FILE, ...(line !== undefined && { line }) } },
  });
}

function layers({ name, image }: Exhibit): Promise<WrittenQuestion> {
  const rows = historyOf(image).length;
  const count = layerCount(image);
  return Promise.resolve({
    key: `${name}.camadas`,
    judge: (text) => {
      if (Number(text) === count) return undefined;
      const isRows = Number(text) === rows;
      return {
        expected: words(
          `quantas camadas \`${name}\` tem em \`RootFS.Layers\``,
          `how many layers \`${name}\` has in \`RootFS.Layers\``,
        ),
        found: isRows
          ? words(
              `\`${text}\`, que é o número de linhas do \`docker history\``,
              `\`${text}\`, which is the number of rows of \`docker history\``,
            )
          : words(`\`${text}\`, e não são tantas`, `\`${text}\`, which is not how many there are`),
      };
    },
  });
}

async function shell({ name, image }: Exhibit): Promise<WrittenQuestion> {
  const tool = (await visibleTools(image)).find(({ kind }) => kind === 'shell');
  return yesNo(
    `${name}.shell`,
    tool !== undefined,
    tool === undefined
      ? words(
          `em \`${name}\` não há shell, nem com outro nome`,
          `in \`${name}\` there is no shell, nor one by another name`,
        )
      : thereIs(name, tool),
    tool && {
      ...{ where: { path: tool.path, layer: layerAt(image, tool.layer) } },
      hint: tool.by === 'content' ? 'file-content' : 'list-files',
    },
  );
}

async function packageManager({ name, image }: Exhibit): Promise<WrittenQuestion> {
  const tool = (await visibleTools(image)).find(({ kind }) => kind === 'package-manager');
  return yesNo(
    `${name}.gerenciador`,
    tool !== undefined,
    tool === undefined
      ? words(
          `em \`${name}\` não há apt, dpkg, apk, pip nem parente deles`,
          `in \`${name}\` there is no apt, dpkg, apk, pip or relative of theirs`,
        )
      : thereIs(name, tool),
    tool && { where: { path: tool.path, layer: layerAt(image, tool.layer) } },
  );
}

function thereIs(name: string, { path, what, by }: FoundTool): Words {
  return by === 'content'
    ? words(
        `em \`${name}\`, \`${path}\` é ${what} com outro nome`,
        `in \`${name}\`, \`${path}\` is ${what} by another name`,
      )
    : words(
        `em \`${name}\` há \`${path}\` (${what})`,
        `in \`${name}\` there is \`${path}\` (${what})`,
      );
}

async function distroless({ name, image }: Exhibit): Promise<WrittenQuestion> {
  const [tool] = await visibleTools(image);
  const count = layerCount(image);
  const layered = words(
    `${count} ${count === 1 ? 'camada' : 'camadas'}`,
    `${count} ${count === 1 ? 'layer' : 'layers'}`,
  );
  return yesNo(
    `${name}.distroless`,
    tool === undefined,
    tool === undefined
      ? words(
          `\`${name}\`, com ${layered['pt-BR']}, não tem shell nem gerenciador de pacotes`,
          `\`${name}\`, with ${layered.en}, has neither a shell nor a package manager`,
        )
      : words(
          `${thereIs(name, tool)['pt-BR']}, em ${layered['pt-BR']}`,
          `${thereIs(name, tool).en}, in ${layered.en}`,
        ),
    {
      ...(tool && { where: { path: tool.path, layer: layerAt(image, tool.layer) } }),
      hint: 'not-packaging',
    },
  );
}

/** Those that everybody knows by name first: they convince more than another link to the same busybox. */
async function visibleTools(image: Image): Promise<readonly FoundTool[]> {
  const tools = (await findTools(image)).filter(({ visible }) => visible);
  return [...tools.filter(({ by }) => by === 'name'), ...tools.filter(({ by }) => by !== 'name')];
}

function hasFile(key: string, paths: readonly string[]) {
  return async ({ name, image }: Exhibit): Promise<WrittenQuestion> => {
    const files = await image.files();
    const there = paths.find((path) => files.resolve(path) !== undefined);
    const [usual = ''] = paths;
    return yesNo(
      `${name}.${key}`,
      there !== undefined,
      there === undefined
        ? words(`em \`${name}\` não há \`/${usual}\``, `in \`${name}\` there is no \`/${usual}\``)
        : words(`em \`${name}\` há \`/${there}\``, `in \`${name}\` there is \`/${there}\``),
      there === undefined ? {} : { where: await whereIs(image, there) },
    );
  };
}

const flat = ({ built }: CheckContext): Promise<Image> =>
  built({ dockerfile: 'achatada.Dockerfile' });

async function keptContent(context: CheckContext): Promise<Verdict> {
  const image = await flat(context);
  const stamp = await textIn(await image.files(), 'etc/carimbo.txt');
  const wanted = drawn(context.nonce, 'carimbo');
  if (stamp?.trim() !== wanted) {
    return fail({
      expected: words(
        `\`/etc/carimbo.txt\` da imagem \`cheia\`, com \`${wanted}\``,
        `\`/etc/carimbo.txt\` of the image \`cheia\`, with \`${wanted}\``,
      ),
      found:
        stamp === undefined
          ? words('não há `/etc/carimbo.txt`', 'there is no `/etc/carimbo.txt`')
          : words(`nele está \`${stamp.trim()}\``, `in it is \`${stamp.trim()}\``),
      where: { path: '/etc/carimbo.txt' },
    });
  }
  const shellThere = (await visibleTools(image)).find(({ kind }) => kind === 'shell');
  return shellThere
    ? pass(
        words(
          `uma camada, e \`${shellThere.path}\` continua lá`,
          `one layer, and \`${shellThere.path}\` is still there`,
        ),
      )
    : fail({
        expected: words(
          'os mesmos arquivos de `base-debian13:debug-nonroot`, na imagem `cheia`, com o shell dela',
          'the same files as `base-debian13:debug-nonroot`, in the image `cheia`, with its shell',
        ),
        found: words(
          'o shell sumiu: os arquivos vieram de outra imagem',
          'the shell is gone: the files came from another image',
        ),
      });
}

export default {
  checks: [
    {
      id: 'names',
      title: words(
        'As respostas são sobre as imagens desta pasta',
        'The answers are about the images of this folder',
      ),
      run: (context) => Promise.resolve(namesAreOfThisFolder(context)),
    },
    column('layers', words('Camadas de cada imagem', 'Layers of each image'), layers),
    column('shell', words('Onde há um shell', 'Where there is a shell'), shell),
    column(
      'packages',
      words('Onde há um gerenciador de pacotes', 'Where there is a package manager'),
      packageManager,
    ),
    column(
      'passwd',
      words('Onde há /etc/passwd', 'Where there is /etc/passwd'),
      hasFile('passwd', ['etc/passwd']),
    ),
    column(
      'certificates',
      words('Onde há certificados de autoridades', 'Where there are CA certificates'),
      hasFile('certificados', CERTIFICATES),
    ),
    column('distroless', words('Quais são distroless', 'Which are distroless'), distroless, [
      'shell',
      'packages',
    ]),
    {
      id: 'flat-layers',
      title: words('A imagem achatada tem uma camada', 'The flat image has one layer'),
      run: async (context) => layersAre(await flat(context), 1),
    },
    {
      id: 'flat-content',
      title: words(
        'Os arquivos são os mesmos, com o shell',
        'The files are the same, with the shell',
      ),
      needs: ['flat-layers'],
      run: keptContent,
    },
    {
      id: 'flat-config',
      title: words('A configuração voltou', 'The configuration is back'),
      needs: ['flat-content'],
      run: async (context) => {
        const image = await flat(context);
        return firstFailure(
          userIs(image, 65532),
          envIs(image, 'IDIOMA', 'pt_BR.UTF-8'),
          argvResolves(image),
        );
      },
    },
  ],
} satisfies Verifier;
