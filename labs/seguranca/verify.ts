import {
  argvResolves,
  asks,
  drawn,
  fail,
  firstFailure,
  healthcheckResolves,
  noShell,
  nonroot,
  pass,
  sealed,
  withContainer,
  words,
  type Check,
  type CheckContext,
  type Container,
  type Image,
  type Verdict,
  type Verifier,
} from '../../src/verify/index.ts';

const PORT = 8000;
const NOTE = 'Recado com çedilha';

const get = (path: string): { readonly port: number; readonly path: string } => ({
  port: PORT,
  path,
});

/** What an attacker leaves behind where the process may write; each of them is tried. */
const PLACES = ['/app', '/dados', '/tmp'];

const shellPayload = (name: string): string =>
  `x; for d in ${PLACES.join(' ')}; do echo fui eu > $d/${name}; done`;

/** One expression, as a list's element: what Python itself can do needs no shell. */
const pythonPayload = (name: string): string =>
  `[__import__('pathlib').Path(d).is_dir() and __import__('os').access(d, 2) and __import__('pathlib').Path(d, '${name}').write_text('fui eu') for d in ${JSON.stringify(PLACES)}] and 1`;

/** Sends the payload and looks for the file by what changed in the container, wherever it is. */
async function attack(
  container: Container,
  [route, payload]: readonly [string, string],
  name: string,
): Promise<Verdict> {
  await container.request(PORT, { path: route + encodeURIComponent(payload) });
  const left = (await container.changes()).filter((change) => change.path.endsWith(`/${name}`));
  const paths = left.map((change) => `\`${change.path}\``).join(', ');
  if (left.length === 0) return pass(words('nenhum arquivo criado', 'no file created'));
  return fail({
    expected: words(
      `\`GET ${route}${payload}\` não cria arquivo nenhum`,
      `\`GET ${route}${payload}\` creates no file at all`,
    ),
    found: words(`quem visitou o mural criou ${paths}`, `a visitor of the wall created ${paths}`),
    ...(left[0] && { where: { path: left[0].path } }),
  });
}

/** Everything that is asked of one container as the image starts it; a start takes seconds where a processor is emulated. */
type Visit = Readonly<Record<'greeting' | 'routes' | 'shell' | 'python', Verdict>>;

const visits = new WeakMap<Image, Promise<Visit>>();

function visitOf(image: Image, context: CheckContext): Promise<Visit> {
  const known = visits.get(image) ?? visit(image, context);
  visits.set(image, known);
  return known;
}

async function visit(image: Image, { engine, nonce }: CheckContext): Promise<Visit> {
  const greeting = drawn(nonce, 'saudacao');
  const token = drawn(nonce, 'carga');
  let seen: Visit | undefined;
  const started = await withContainer(
    engine,
    { image, env: { SAUDACAO: greeting }, ports: [PORT] },
    async (container) => {
      seen = {
        greeting: await asks(container, get('/'), { body: greeting, seconds: 120 }),
        routes: await firstFailure(
          asks(container, get('/soma?valores=19,20,3'), { body: '42' }),
          asks(container, get('/tamanho?nome=boas-vindas.txt'), { body: /^\d+\s*$/ }),
        ),
        shell: await attack(
          container,
          ['/tamanho?nome=', shellPayload(`shell-${token}`)],
          `shell-${token}`,
        ),
        python: await attack(
          container,
          ['/soma?valores=', pythonPayload(`python-${token}`)],
          `python-${token}`,
        ),
      };
      return pass();
    },
  );
  return seen ?? { greeting: started, routes: started, shell: started, python: started };
}

/** Stores a note and reads it back in a container that may write nowhere but where it must. */
async function storesSealed(image: Image, { engine, nonce }: CheckContext): Promise<Verdict> {
  const note = `${NOTE} ${drawn(nonce, 'carga')}`;
  const path = `/recados/${drawn(nonce, 'saudacao')}`;
  return withContainer(
    engine,
    sealed({ image, volumes: ['/dados'], ports: [PORT] }),
    async (container) => {
      const up = await asks(container, get('/saude'), { seconds: 120 });
      if (up.status === 'fail') return up;
      const put = await asks(container, { ...get(path), method: 'PUT', body: note });
      return put.status === 'fail' ? put : asks(container, get(path), { body: note });
    },
  );
}

const PROBES = 120;

/** The health check is run by the engine itself, and finds the service well. */
async function becomesHealthy(image: Image, { engine }: CheckContext): Promise<Verdict> {
  return withContainer(engine, { image, healthInterval: 1000 }, async (container) => {
    for (let waited = 0; ; waited++) {
      const { health, running } = await container.state();
      if (health?.status === 'healthy') return pass(words('`healthy`', '`healthy`'));
      if (!running || health === undefined || health.status === 'unhealthy' || waited >= PROBES) {
        const status = running ? (health?.status ?? 'none') : 'exited';
        const said = health?.output.trim() ?? '';
        const output = said === '' ? '' : `: ${said.slice(-300)}`;
        const found = `\`${status}\`${output}`;
        return fail({
          expected: words('o container fica `healthy`', 'the container becomes `healthy`'),
          found: words(found, found),
          where: { instruction: 'HEALTHCHECK' },
        });
      }
      await container.wait(1000);
    }
  });
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
      'no-shell',
      [
        'Nenhuma camada traz shell nem gerenciador de pacotes',
        'No layer brings a shell or a package manager',
      ],
      ['builds'],
      (image) => noShell(image, { everyLayer: true }),
    ),
    check(
      'argv',
      ['O primeiro processo pode começar', 'The first process can start'],
      ['builds'],
      (image) => argvResolves(image),
    ),
    check(
      'nonroot',
      [
        'O processo não é root, e o usuário é um número',
        'The process is not root, and the user is a number',
      ],
      ['builds'],
      (image) => nonroot(image, { numeric: true }),
    ),
    check(
      'healthcheck',
      [
        'O HEALTHCHECK tem um programa que existe na imagem',
        'The HEALTHCHECK has a program that is in the image',
      ],
      ['builds'],
      (image) => healthcheckResolves(image),
    ),
    check(
      'greeting',
      ['O mural responde', 'The wall answers'],
      ['argv'],
      async (image, context) => (await visitOf(image, context)).greeting,
    ),
    check(
      'routes',
      ['As contas continuam certas', 'What it computes is still right'],
      ['greeting'],
      async (image, context) => (await visitOf(image, context)).routes,
    ),
    check(
      'shell-payload',
      [
        'Um comando escondido no nome de um recado não roda',
        "A command hidden in a note's name does not run",
      ],
      ['greeting'],
      async (image, context) => (await visitOf(image, context)).shell,
    ),
    check(
      'python-payload',
      ['Nem código Python escondido em uma soma', 'Nor does Python code hidden in a sum'],
      ['greeting'],
      async (image, context) => (await visitOf(image, context)).python,
    ),
    check(
      'sealed',
      ['Lacrado, ele ainda guarda recados em /dados', 'Sealed, it still stores notes in /dados'],
      ['greeting', 'nonroot'],
      storesSealed,
    ),
    check(
      'healthy',
      ['O HEALTHCHECK diz que ele está bem', 'The HEALTHCHECK says that it is well'],
      ['greeting', 'healthcheck'],
      becomesHealthy,
    ),
  ],
} satisfies Verifier;
