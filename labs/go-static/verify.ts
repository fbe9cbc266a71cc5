import {
  absentEverywhere,
  baseIs,
  drawn,
  effectiveArgv,
  elfDynamic,
  elfRuns,
  elfStatic,
  fail,
  findProgram,
  firstFailure,
  noShell,
  runs,
  userIs,
  words,
  type Check,
  type CheckContext,
  type Image,
  type Verdict,
  type Verifier,
} from '../../src/verify/index.ts';

const STATIC = 'gcr.io/distroless/static-debian13:nonroot';
/** Both have a C library; the twin needs no more. */
const WITH_LIBC = [
  'gcr.io/distroless/base-debian13:nonroot',
  'gcr.io/distroless/base-nossl-debian13:nonroot',
] as const;

const TWIN = 'Dockerfile.cgo';

type Judge = (image: Image, context: CheckContext) => Verdict | Promise<Verdict>;

function check(
  id: string,
  title: readonly [string, string],
  needs: readonly string[],
  judge: Judge,
): Check {
  const dockerfile = id.startsWith('twin-') ? TWIN : 'Dockerfile';
  return {
    ...{ id, title: words(...title), needs },
    run: async (context) => judge(await context.built({ dockerfile }), context),
  };
}

/** Judges what the image starts, whatever it is called and whether ENTRYPOINT or CMD names it. */
async function withProgram(
  image: Image,
  judge: (path: string) => Promise<Verdict>,
): Promise<Verdict> {
  const [name = ''] = effectiveArgv(image);
  const program = await findProgram(image, name);
  // One that is there and cannot be started is for `judge` to explain.
  if (program.ok || program.path !== undefined) return judge(`/${program.path}`);
  return fail({
    expected: words('a imagem inicia o programa', 'the image starts the program'),
    found: program.found,
  });
}

/** The greeting of this run, and whatever else the program says. */
const greets: Judge = (image, { engine, nonce }) => {
  const saudacao = drawn(nonce, 'saudacao');
  return runs(engine, { image, env: { SAUDACAO: saudacao } }, { stdout: saudacao });
};

async function onLibc(engine: CheckContext['engine'], image: Image): Promise<Verdict> {
  const [base, smaller] = WITH_LIBC;
  const verdict = await baseIs(engine, image, base);
  if (verdict.status === 'pass') return verdict;
  const other = await baseIs(engine, image, smaller);
  return other.status === 'pass' ? other : verdict;
}

export default {
  checks: [
    check('builds', ['A imagem é construída', 'The image builds'], [], () => ({ status: 'pass' })),
    check(
      'base',
      ['A base é static-debian13', 'The base is static-debian13'],
      ['builds'],
      (image, { engine }) => baseIs(engine, image, STATIC),
    ),
    check('static', ['O programa é estático', 'The program is static'], ['builds'], (image) =>
      withProgram(image, (path) => elfStatic(image, path)),
    ),
    check(
      'no-shell',
      ['Não há shell na imagem', 'There is no shell in the image'],
      ['builds'],
      (image) => noShell(image),
    ),
    check(
      'runs',
      ['O programa imprime a saudação desta vez', 'The program prints this run’s greeting'],
      ['static'],
      greets,
    ),
    check('user', ['O usuário é o 65532', 'The user is 65532'], ['builds'], (image) =>
      userIs(image, 65532),
    ),
    check(
      'no-sources',
      ['O código e o Go ficaram no builder', 'The sources and Go stayed in the builder'],
      ['base'],
      async (image, { engine }) => {
        const base = await engine.image(STATIC);
        return absentEverywhere(image, {
          globs: ['**/*.go', '**/go.mod', '**/Dockerfile*', 'usr/local/go'],
          ...(base && { base }),
        });
      },
    ),
    check('twin-builds', ['A gêmea é construída', 'The twin builds'], [], () => ({
      status: 'pass',
    })),
    check(
      'twin-dynamic',
      ['O programa da gêmea é dinâmico', 'The twin’s program is dynamic'],
      ['twin-builds'],
      (image) => withProgram(image, (path) => elfDynamic(image, path)),
    ),
    check(
      'twin-libraries',
      [
        'O programa da gêmea encontra o que precisa na base dela',
        'The twin’s program finds what it needs in its base',
      ],
      ['twin-dynamic'],
      (image, { engine }) =>
        withProgram(image, async (path) =>
          firstFailure(await elfRuns(image, path), onLibc(engine, image)),
        ),
    ),
    check(
      'twin-runs',
      ['A gêmea imprime a mesma saudação', 'The twin prints the same greeting'],
      ['twin-libraries'],
      greets,
    ),
  ],
} satisfies Verifier;
