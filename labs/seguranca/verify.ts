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

const get = (path: string): { readonly port: number; readonly path: string } => ({
  port: PORT,
  path,
});

/** Where an attacker tries to leave a file behind: the program's place, its data, and what everybody may write. */
const PLACES = ['/app', '/dados', '/tmp'];

const shellPayload = (name: string): string =>
  `x; touch ${PLACES.map((place) => `${place}/${name}`).join(' ')}`;

/** An element of a list that is summed: what Python itself can do needs no shell. */
const pythonPayload = (name: string): string =>
  `len([open(d+'/${name}','w') for d in ${JSON.stringify(PLACES)} if __import__('os').access(d,2)])`;

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

/**
 * What several checks ask of one container, asked once per verification: a start takes seconds where
 * a processor is emulated. A run's random values tell it from the next; an image may be the same.
 */
function once<Seen>(
  look: (image: Image, context: CheckContext) => Promise<Seen>,
): (image: Image, context: CheckContext) => Promise<Seen> {
  const looks = new WeakMap<CheckContext['nonce'], Promise<Seen>>();
  return (image, context) => {
    const seen = looks.get(context.nonce) ?? look(image, context);
    looks.set(context.nonce, seen);
    return seen;
  };
}

/** As the image starts it, with everything open: does it work, and what can a visitor do? */
const opened = once(visit);

/** As it should run in production: does it still store notes, and does the engine find it well? */
const closed = once(visitSealed);

type Visit = Readonly<Record<'greeting' | 'routes' | 'shell' | 'python', Verdict>>;

async function visit(image: Image, { engine, nonce }: CheckContext): Promise<Visit> {
  const greeting = drawn(nonce, 'saudacao');
  let seen: Visit | undefined;
  const started = await withContainer(
    engine,
    { image, env: { SAUDACAO: greeting }, ports: [PORT] },
    async (container) => {
      const hello = await asks(container, get('/'), { body: greeting, seconds: 120 });
      if (hello.status === 'fail') return hello;
      seen = {
        greeting: hello,
        routes: await firstFailure(
          asks(container, get('/soma?valores=19,20,3'), { body: '42' }),
          asks(container, get('/tamanho?nome=boas-vindas.txt'), { body: /^\d+\s*$/ }),
        ),
        shell: await attack(
          container,
          ['/tamanho?nome=', shellPayload(`shell-${greeting}`)],
          `shell-${greeting}`,
        ),
        python: await attack(
          container,
          ['/soma?valores=', pythonPayload(`python-${greeting}`)],
          `python-${greeting}`,
        ),
      };
      return pass();
    },
  );
  return seen ?? { greeting: started, routes: started, shell: started, python: started };
}

type SealedVisit = Readonly<Record<'stores' | 'healthy', Verdict>>;

async function visitSealed(image: Image, { engine, nonce }: CheckContext): Promise<SealedVisit> {
  let seen: SealedVisit | undefined;
  const started = await withContainer(
    engine,
    sealed({ image, volumes: ['/dados'], ports: [PORT], healthInterval: 1000 }),
    async (container) => {
      const up = await asks(container, get('/saude'), { seconds: 120 });
      if (up.status === 'fail') return up;
      const stores = await storesNotes(container, drawn(nonce, 'saudacao'));
      seen = { stores, healthy: await becomesHealthy(container) };
      return pass();
    },
  );
  return seen ?? { stores: started, healthy: started };
}

async function storesNotes(container: Container, name: string): Promise<Verdict> {
  const path = `/recados/${name}`;
  const note = `Recado com çedilha, ${name}`;
  const put = await asks(container, { ...get(path), method: 'PUT', body: note });
  return put.status === 'fail' ? put : asks(container, get(path), { body: note });
}

const PATIENCE = 120;

async function becomesHealthy(container: Container): Promise<Verdict> {
  for (let waited = 0; ; waited++) {
    const { health, running } = await container.state();
    if (health?.status === 'healthy') return pass(words('`healthy`', '`healthy`'));
    if (!running || health?.status !== 'starting' || waited >= PATIENCE) {
      const status = running ? (health?.status ?? 'none') : 'exited';
      const said = health?.output.trim() ?? '';
      const found = `\`${status}\`${said === '' ? '' : `: ${said.slice(-300)}`}`;
      return fail({
        expected: words('o container fica `healthy`', 'the container becomes `healthy`'),
        found: words(found, found),
        where: { instruction: 'HEALTHCHECK' },
      });
    }
    await container.wait(1000);
  }
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
      async (image, context) => (await opened(image, context)).greeting,
    ),
    check(
      'routes',
      ['As contas continuam certas', 'What it computes is still right'],
      ['greeting'],
      async (image, context) => (await opened(image, context)).routes,
    ),
    check(
      'shell-payload',
      [
        'Um comando escondido no nome de um recado não roda',
        "A command hidden in a note's name does not run",
      ],
      ['greeting'],
      async (image, context) => (await opened(image, context)).shell,
    ),
    check(
      'python-payload',
      ['Nem código Python escondido em uma soma', 'Nor does Python code hidden in a sum'],
      ['greeting'],
      async (image, context) => (await opened(image, context)).python,
    ),
    check(
      'sealed',
      ['Lacrado, ele ainda guarda recados em /dados', 'Sealed, it still stores notes in /dados'],
      ['greeting', 'nonroot'],
      async (image, context) => (await closed(image, context)).stores,
    ),
    check(
      'healthy',
      ['O HEALTHCHECK diz que ele está bem', 'The HEALTHCHECK says that it is well'],
      ['greeting', 'healthcheck'],
      async (image, context) => (await closed(image, context)).healthy,
    ),
  ],
} satisfies Verifier;
