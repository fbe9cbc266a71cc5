import {
  answers,
  argvResolves,
  baseIs,
  drawn,
  fail,
  findTools,
  hasInventory,
  noShell,
  pass,
  skip,
  startsWith,
  textOf,
  words,
  written,
  writtenRight,
  yesNo,
  type Check,
  type CheckContext,
  type Engine,
  type Image,
  type Verdict,
  type Verifier,
  type WrittenQuestion,
} from '../../src/verify/index.ts';

const LATEST = 'cgr.dev/chainguard/python:latest';
/** Also in an ARG; in a comment it pins nothing. */
const PINNED = /^(?!\s*#).*?(cgr\.dev\/chainguard\/python(?::[\w.-]+)?@sha256:[0-9a-f]{64})/gm;
const PORT = 8000;
const FILE = 'respostas.txt';

/** Which of the digests in the Dockerfile the image stands on, told by its layers. */
async function pinned(image: Image, { engine, folder }: CheckContext): Promise<string | undefined> {
  for (const [, reference = ''] of (textOf(folder, 'Dockerfile') ?? '').matchAll(PINNED)) {
    const base = await engine.image(reference, { pull: true });
    if (base && startsWith(image, base)) return reference;
  }
  return undefined;
}

/** A digest of another day is `latest`, too, but one of `latest-dev` is not. */
async function baseIsLatest(image: Image, context: CheckContext): Promise<Verdict> {
  const base = await pinned(image, context);
  const dev = await context.engine.image(`${LATEST}-dev`);
  return base === undefined || (dev && startsWith(image, dev))
    ? baseIs(context.engine, image, LATEST)
    : pass(words(`construída sobre \`${base}\``, `built on \`${base}\``));
}

/**
 * A tag moves, a digest does not. Which digest is right depends on the day and on the registry, so that
 * none is asked for: one that is written must be the base's.
 */
async function baseIsPinned(image: Image, context: CheckContext): Promise<Verdict> {
  if ((textOf(context.folder, 'Dockerfile') ?? '').search(PINNED) < 0) {
    return skip(
      words(
        `nenhum FROM tem digest, então \`${LATEST}\` pode ser outra imagem amanhã; fixe-a por digest e esta verificação conta`,
        `no FROM has a digest, so \`${LATEST}\` may be another image tomorrow; pin it by digest and this check counts`,
      ),
    );
  }
  const base = await pinned(image, context);
  if (base !== undefined) return pass(words(`\`${base}\``, `\`${base}\``));
  return fail({
    expected: words(
      `um FROM com digest, cujas camadas são as primeiras da imagem`,
      `a FROM with a digest, whose layers are the first of the image`,
    ),
    found: words(
      `nenhum digest do Dockerfile é o da base: \`${LATEST}\` pode ser outra imagem amanhã`,
      `no digest in the Dockerfile is the base's: \`${LATEST}\` may be another image tomorrow`,
    ),
    where: { instruction: 'FROM' },
  });
}

interface Exhibit {
  readonly key: string;
  readonly image: string;
  /** What the catalogue says where the image is not there to look into: see catalogo.txt. */
  readonly recorded?: string;
}

const EXHIBITS: readonly Exhibit[] = [
  { key: 'static', image: 'cgr.dev/chainguard/static:latest' },
  { key: 'python', image: LATEST },
  { key: 'python-dev', image: 'cgr.dev/chainguard/python:latest-dev' },
  { key: 'node', image: 'cgr.dev/chainguard/node:latest', recorded: 'busybox 1.37.0-r57' },
  { key: 'redis', image: 'cgr.dev/chainguard/redis:latest', recorded: 'busybox 1.37.0-r57' },
];

async function hasShell(
  engine: Engine,
  { key, image: name, recorded }: Exhibit,
): Promise<WrittenQuestion> {
  const image = await engine.image(name, { pull: recorded === undefined });
  if (!image && recorded !== undefined) {
    const evidence = `\`${name}\`: \`${recorded}\` (catalogo.txt)`;
    return yesNo(key, true, words(evidence, evidence));
  }
  const tools = image ? await findTools(image) : [];
  const shell = tools.find(({ kind, visible }) => kind === 'shell' && visible);
  return shell
    ? yesNo(
        key,
        true,
        words(
          `\`${name}\` tem \`${shell.path}\`, que é ${shell.what}`,
          `\`${name}\` has \`${shell.path}\`, which is ${shell.what}`,
        ),
      )
    : yesNo(
        key,
        false,
        words(`\`${name}\` não tem shell nenhum`, `\`${name}\` has no shell at all`),
      );
}

function check(
  id: string,
  [pt, en]: readonly [string, string],
  needs: readonly string[],
  run: (image: Image, context: CheckContext) => Verdict | Promise<Verdict>,
): Check {
  return {
    ...{ id, title: words(pt, en), needs },
    run: async (context) => run(await context.built(), context),
  };
}

export default {
  checks: [
    check('builds', ['A imagem é construída', 'The image builds'], [], () => pass()),
    check(
      'argv',
      ['O primeiro processo pode começar', 'The first process can start'],
      ['builds'],
      (image) => argvResolves(image),
    ),
    check(
      'no-tools',
      ['Nenhuma camada traz shell, apk ou pip', 'No layer brings a shell, apk or pip'],
      ['builds'],
      (image) => noShell(image, { everyLayer: true }),
    ),
    check(
      'base',
      ['A imagem final é feita sobre a python:latest', 'The final image is made on python:latest'],
      ['builds'],
      baseIsLatest,
    ),
    check(
      'inventory',
      ['A imagem ainda diz que pacotes tem', 'The image still says which packages it has'],
      ['builds'],
      (image) => hasInventory(image),
    ),
    check(
      'pinned',
      ['A base está fixada por digest', 'The base is pinned by digest'],
      ['base'],
      baseIsPinned,
    ),
    {
      id: 'shells',
      title: words(
        'A tabela diz quais imagens têm um shell',
        'The table says which images have a shell',
      ),
      run: async ({ engine, folder }) => {
        const questions: WrittenQuestion[] = [];
        for (const exhibit of EXHIBITS) questions.push(await hasShell(engine, exhibit));
        return writtenRight(written(folder, FILE), questions);
      },
    },
    check(
      'answers',
      ['O serviço responde com a saudação', 'The service answers with the greeting'],
      ['argv', 'no-tools', 'base', 'inventory'],
      (image, { engine, nonce }) => {
        const greeting = drawn(nonce, 'saudacao');
        return answers(
          engine,
          { image, env: { SAUDACAO: greeting } },
          { port: PORT, path: '/' },
          { body: greeting },
        );
      },
    ),
  ],
} satisfies Verifier;
