import {
  argvResolves,
  baseIs,
  drawn,
  effectiveArgv,
  firstFailure,
  nonroot,
  noShell,
  pass,
  pythonAbi,
  pythonFinds,
  runs,
  words,
  type Check,
  type CheckContext,
  type Image,
  type Verdict,
  type Verifier,
} from '../../src/verify/index.ts';

const BASE = 'gcr.io/distroless/python3-debian13:nonroot';

/** One of the two ways: the same statements, each about its own Dockerfile. */
interface Way {
  readonly id: 'target' | 'venv';
  readonly dockerfile: string;
}

/** Prints what it was given, whether it is in a virtual environment, and where the part in C came from. */
const PROBE = `
import os, sys
import markupsafe, markupsafe._speedups as c
print(os.environ['PROVA'], 'venv' if sys.prefix != sys.base_prefix else sys.prefix, c.__file__)
`;

/**
 * The image's own first program with a few lines of Python: the name of a file does not say whether
 * it can be imported, and markupsafe works without its part in C.
 */
async function importsTheExtension(
  { id }: Way,
  image: Image,
  context: CheckContext,
): Promise<Verdict> {
  const proof = drawn(context.nonce, 'prova');
  const [python = ''] = effectiveArgv(image);
  return runs(
    context.engine,
    { image, entrypoint: [python], command: ['-c', PROBE], env: { PROVA: proof } },
    { stdout: id === 'venv' ? `${proof} venv ` : proof },
  );
}

/** The badge has the name of this run, its special characters escaped. */
async function printsTheBadge(image: Image, { engine, nonce }: CheckContext): Promise<Verdict> {
  const name = drawn(nonce, 'nome');
  return runs(
    engine,
    { image, env: { NOME: `${name} <visita>` } },
    { stdout: `<h1>${name} &lt;visita&gt;</h1>` },
  );
}

type Run = (image: Image, context: CheckContext) => Verdict | Promise<Verdict>;

/** A check of one of the two images; `needs` are others of the same. */
function check(
  { id, dockerfile }: Way,
  name: string,
  [pt, en]: readonly [string, string],
  needs: readonly string[],
  run: Run,
): Check {
  return {
    id: `${id}-${name}`,
    title: words(`${dockerfile}: ${pt}`, `${dockerfile}: ${en}`),
    needs: needs.map((need) => `${id}-${need}`),
    run: async (context) => run(await context.built({ dockerfile }), context),
  };
}

/** What an image shows without being started. */
function looks(way: Way): readonly Check[] {
  return [
    check(way, 'builds', ['a imagem é construída', 'the image builds'], [], () => pass()),
    check(
      way,
      'base',
      ['a base é o Python da Google, sem root', "the base is Google's Python, not root"],
      ['builds'],
      (image, { engine }) => firstFailure(baseIs(engine, image, BASE), nonroot(image)),
    ),
    check(
      way,
      'argv',
      ['o primeiro processo pode começar', 'the first process can start'],
      ['builds'],
      (image) => argvResolves(image),
    ),
    check(
      way,
      'path',
      ['o Python dela acha o `markupsafe`', 'its Python finds `markupsafe`'],
      ['argv'],
      (image) => pythonFinds(image, 'markupsafe'),
    ),
    check(
      way,
      'abi',
      ['as extensões em C são para este Python', 'the C extensions are for this Python'],
      ['path'],
      (image) => pythonAbi(image),
    ),
    check(
      way,
      'no-tools',
      ['não traz shell nem pip', 'it brings neither a shell nor pip'],
      ['builds'],
      (image) => noShell(image, { everyLayer: true }),
    ),
  ];
}

/** What only a container shows. */
function starts(way: Way): readonly Check[] {
  return [
    check(
      way,
      'extension',
      way.id === 'venv'
        ? [
            'de dentro do venv, a parte em C é importada',
            'inside the venv, the part in C is imported',
          ]
        : ['a parte em C é importada', 'the part in C is imported'],
      ['abi'],
      (image, context) => importsTheExtension(way, image, context),
    ),
    check(
      way,
      'runs',
      ['o crachá sai com o nome de quem visita', "the badge has the visitor's name"],
      ['path'],
      printsTheBadge,
    ),
  ];
}

const WAYS: readonly Way[] = [
  { id: 'target', dockerfile: 'Dockerfile' },
  { id: 'venv', dockerfile: 'Dockerfile.venv' },
];

export default {
  checks: [...WAYS.flatMap(looks), ...WAYS.flatMap(starts)],
} satisfies Verifier;
