import {
  argvResolves,
  askable,
  asks,
  baseIs,
  drawn,
  envAbsent,
  fail,
  firstFailure,
  noShell,
  nonroot,
  pass,
  patience,
  withHint,
  words,
  type Check,
  type CheckContext,
  type Image,
  type LiveContainer,
  type LiveEngine,
  type Verdict,
  type Verifier,
} from '../../src/verify/index.ts';

const BASE = 'gcr.io/distroless/python3-debian13:nonroot';
const PORT = 5000;
const REDIS_PORT = 6379;

/** The learner's two containers, as they are now. */
interface Scene {
  readonly live: LiveEngine;
  /** What runs, the newest first. */
  readonly running: readonly LiveContainer[];
  /** Bridges that somebody made: in them, containers know each other by name. */
  readonly bridges: ReadonlySet<string>;
  readonly app: LiveContainer | undefined;
}

async function sceneOf({ engine, nonce }: CheckContext): Promise<Scene> {
  const live = engine.live();
  const running = (await live.containers()).filter(({ state }) => state.running);
  const networks = await live.networks();
  const bridges = networks.filter(({ name, driver }) => driver === 'bridge' && name !== 'bridge');
  const candidates = running.filter(({ ports }) => ports.some(({ port }) => port === PORT));
  const app = await theirs(live, candidates, drawn(nonce, 'oficina'));
  return { live, running, bridges: new Set(bridges.map(({ name }) => name)), app };
}

/** Of several that publish the port, the one whose page is this folder's; else the newest. */
async function theirs(
  live: LiveEngine,
  candidates: readonly LiveContainer[],
  word: string,
): Promise<LiveContainer | undefined> {
  if (candidates.length > 1) {
    for (const one of candidates) {
      const answer = await live.request(one.id, PORT, { path: '/' });
      if (answer?.body.includes(word) === true) return one;
    }
  }
  return candidates[0];
}

/** For checks that come after `running`. */
async function withApp(
  context: CheckContext,
  look: (scene: Scene & { readonly app: LiveContainer }) => Verdict | Promise<Verdict>,
): Promise<Verdict> {
  const scene = await sceneOf(context);
  return scene.app ? look({ ...scene, app: scene.app }) : notRunning(scene);
}

function notRunning({ running }: Scene): Verdict {
  const names = running.map(({ name }) => `\`${name}\``).join(', ');
  return fail({
    expected: words(
      `um container que roda e publica a sua porta ${PORT}`,
      `a container that runs and publishes its port ${PORT}`,
    ),
    found:
      names === ''
        ? words('nenhum container roda', 'no container runs')
        : words(
            `rodam ${names}, e nenhum deles a publica`,
            `${names} run, and none of them publishes it`,
          ),
  });
}

/** Nothing in the image says where Redis is: it is the same image wherever it runs. */
function nothingBaked(image: Image): Verdict {
  return envAbsent(image, 'REDIS_HOST');
}

async function isRunning(context: CheckContext): Promise<Verdict> {
  return withApp(context, async ({ app }) => {
    const built = await context.built();
    if (app.image === built.id) return pass();
    // Built again, it may be another image of the same Dockerfile: what matters is what it is like.
    const image = await context.engine.image(app.image);
    if (!image) return pass();
    const verdict = await firstFailure(
      noShell(image, { everyLayer: true }),
      nonroot(image),
      nothingBaked(image),
    );
    if (verdict.status !== 'fail') return verdict;
    const { expected, found } = verdict;
    return fail({
      expected: words(
        `\`${app.name}\` é da imagem que o seu Dockerfile constrói agora: ${expected['pt-BR']}`,
        `\`${app.name}\` is of the image that your Dockerfile builds now: ${expected.en}`,
      ),
      found: words(
        `na imagem que ele roda, ${found['pt-BR']}`,
        `in the image that it runs, ${found.en}`,
      ),
      hint: 'build-and-run-again',
    });
  });
}

const listed = (values: Iterable<string>): string =>
  [...values].map((value) => `\`${value}\``).join(', ');

function isInNetwork({ app, bridges }: Scene & { readonly app: LiveContainer }): Verdict {
  const names = app.networks.map(({ network }) => network);
  if (names.some((name) => bridges.has(name))) return pass();
  const mode = listed(names.length === 0 ? [app.networkMode] : names);
  return fail({
    expected: words(
      `\`${app.name}\` está em uma rede criada com \`docker network create\``,
      `\`${app.name}\` is in a network made with \`docker network create\``,
    ),
    found: words(`está em ${mode}`, `it is in ${mode}`),
  });
}

const redisHostOf = ({ config }: LiveContainer): string | undefined =>
  (config.Env ?? []).find((pair) => pair.startsWith('REDIS_HOST='))?.slice('REDIS_HOST='.length);

/** Who answers to a name in the networks of the application. */
function namedIn(
  { running, bridges, app }: Scene & { readonly app: LiveContainer },
  name: string,
): LiveContainer | undefined {
  const shared = new Set(
    app.networks.map(({ network }) => network).filter((one) => bridges.has(one)),
  );
  return running.find(
    (one) =>
      one.id !== app.id &&
      one.networks.some(
        ({ network, aliases }) =>
          shared.has(network) && (one.name === name || aliases.includes(name)),
      ),
  );
}

const isAddress = (text: string): boolean =>
  /^\d+\.\d+\.\d+\.\d+$/.test(text) || text.includes(':') || text === 'host.docker.internal';

function nameNotAddress(scene: Scene & { readonly app: LiveContainer }): Verdict {
  const { app } = scene;
  const host = redisHostOf(app);
  const expected = words(
    `\`REDIS_HOST\` de \`${app.name}\` é o nome de um container que está na mesma rede`,
    `\`REDIS_HOST\` of \`${app.name}\` is the name of a container that is in the same network`,
  );
  if (host === undefined) {
    return fail({ expected, found: words('não há `REDIS_HOST`', 'there is no `REDIS_HOST`') });
  }
  if (isAddress(host)) {
    return fail({
      expected,
      found: words(
        `\`${host}\`, um endereço, que muda quando o container é recriado`,
        `\`${host}\`, an address, which changes when the container is made anew`,
      ),
      hint: 'addresses-change',
    });
  }
  const redis = namedIn(scene, host);
  if (redis)
    return pass(words(`\`${host}\` é \`${redis.name}\``, `\`${host}\` is \`${redis.name}\``));
  return fail({
    expected,
    found: words(
      `\`${host}\`, e ninguém na rede se chama assim`,
      `\`${host}\`, and nobody in the network is called that`,
    ),
    hint: 'give-it-a-name',
  });
}

async function showsPage(context: CheckContext): Promise<Verdict> {
  return withApp(context, async ({ live, app }) => {
    const container = askable(live, app.id);
    const wanted = drawn(context.nonce, 'oficina');
    const open = (seconds: number): Promise<Verdict> =>
      asks(container, { port: PORT, path: '/', timeout: 20_000 }, { body: wanted, seconds });
    let page = await open(SOON);
    if (page.status === 'fail' && (await live.container(app.id))?.state.running === true) {
      if (await listensForItselfAlone(live, app)) return loopback(app);
      page = await open(patience(context.engine));
    }
    if (page.status === 'fail') return page;
    const style = { port: PORT, path: '/static/estilo.css', timeout: 20_000 };
    return withHint(await asks(container, style, { body: 'font' }), 'static-too');
  });
}

/** Seconds after which it is worth a look why nobody answers. */
const SOON = 10;

const READ_SOCKETS = ['/usr/bin/python3', '-c', "print(open('/proc/net/tcp').read())"];
const LOOPBACK = '0100007F';
const LISTEN = '0A';

/** By the kernel's table of sockets: `1: 0100007F:1388 00000000:0000 0A …`. */
async function listensForItselfAlone(live: LiveEngine, { id }: LiveContainer): Promise<boolean> {
  const { stdout } = await live.exec(id, READ_SOCKETS);
  const port = PORT.toString(16).toUpperCase().padStart(4, '0');
  const addresses = stdout.split('\n').flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    return state === LISTEN && local.endsWith(`:${port}`) ? [local.split(':')[0]] : [];
  });
  return addresses.length > 0 && addresses.every((address) => address === LOOPBACK);
}

function loopback({ name }: LiveContainer): Verdict {
  return fail({
    expected: words(
      `\`GET /\` tem resposta na porta publicada de \`${name}\``,
      `\`GET /\` is answered on the published port of \`${name}\``,
    ),
    found: words(
      `ninguém responde: ela escuta em \`127.0.0.1:${PORT}\`, que só o próprio container alcança`,
      `nobody answers: it listens on \`127.0.0.1:${PORT}\`, which the container alone reaches`,
    ),
  });
}

/** A password of a length that the page does not suggest, found again in Redis's list. */
async function storesPassword(context: CheckContext): Promise<Verdict> {
  return withApp(context, async (scene) => {
    const { live, app } = scene;
    const asked = {
      ...{ method: 'POST', path: '/api/gerar-senha', timeout: 60_000 },
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ tamanho: 23, incluir_numeros: true }),
    };
    const answer = await live.request(app.id, PORT, asked);
    const [, password = ''] = /"senha":\s*"([A-Za-z0-9]{23})"/.exec(answer?.body ?? '') ?? [];
    if (password === '') {
      const said = answer ? `${answer.status}: \`${answer.body.trim().slice(0, 300)}\`` : undefined;
      return fail({
        expected: words(
          '`POST /api/gerar-senha` responde com uma senha de 23 letras e números',
          '`POST /api/gerar-senha` answers with a password of 23 letters and digits',
        ),
        found: words(said ?? 'ninguém respondeu', said ?? 'nobody answered'),
        hint: 'read-its-log',
      });
    }
    const redis = namedIn(scene, redisHostOf(app) ?? '');
    if (!redis) return nameNotAddress(scene);
    const { code, stdout, stderr } = await live.exec(redis.id, [
      'redis-cli',
      'LRANGE',
      'senhas',
      '0',
      '-1',
    ]);
    if (code === 0 && stdout.split('\n').some((line) => line.trim() === password)) return pass();
    return fail({
      expected: words(
        `a senha sorteada está na lista \`senhas\` do Redis \`${redis.name}\``,
        `the password that was drawn is in the list \`senhas\` of the Redis \`${redis.name}\``,
      ),
      found:
        code === 0
          ? words('não está', 'it is not')
          : words(`\`redis-cli\`: ${stderr.trim()}`, `\`redis-cli\`: ${stderr.trim()}`),
    });
  });
}

function nothingElsePublished(scene: Scene & { readonly app: LiveContainer }): Verdict {
  const { app } = scene;
  const redis = namedIn(scene, redisHostOf(app) ?? '');
  const open = [app, ...(redis ? [redis] : [])].flatMap((one) =>
    one.ports
      .filter(({ port }) => one !== app || port !== PORT)
      .map(({ port, hostPort }) => `${one.name} ${hostPort}->${port}`),
  );
  if (open.length === 0) return pass();
  return fail({
    expected: words(
      `só a porta ${PORT} da aplicação é publicada; a ${REDIS_PORT} do Redis, só a rede alcança`,
      `only port ${PORT} of the application is published; Redis's ${REDIS_PORT} is for the network alone`,
    ),
    found: words(`publicadas: ${listed(open)}`, `published: ${listed(open)}`),
  });
}

/** Redis is younger than the application's process, which answered with it a moment ago. */
async function survivedRecreation(
  scene: Scene & { readonly app: LiveContainer },
): Promise<Verdict> {
  const { app, live } = scene;
  const redis = namedIn(scene, redisHostOf(app) ?? '');
  if (!redis) return nameNotAddress(scene);
  const began = app.state.startedAt ?? app.created;
  const events = await live.events(began - 1000);
  const remembers = events.some(({ id, action }) => id === app.id && action === 'start');
  const somebodyLeft = events.some(
    ({ type, action, attributes, time }) =>
      type === 'network' &&
      action === 'disconnect' &&
      time > began &&
      attributes['container'] !== app.id,
  );
  const address = redis.networks[0]?.address ?? '';
  if (redis.created > began && (somebodyLeft || !remembers)) {
    return pass(
      words(`o Redis de agora está em \`${address}\``, `today's Redis is at \`${address}\``),
    );
  }
  return fail({
    expected: words(
      `o Redis foi removido e criado de novo enquanto \`${app.name}\` rodava, e ela continua guardando senhas`,
      `Redis was removed and made anew while \`${app.name}\` ran, which still stores passwords`,
    ),
    found:
      redis.created > began
        ? words(
            `\`${redis.name}\` foi criado depois dela, e nenhum outro foi removido antes`,
            `\`${redis.name}\` was made after it, and no other was removed before`,
          )
        : words(
            `\`${redis.name}\` é o mesmo desde que \`${app.name}\` começou`,
            `\`${redis.name}\` is the same since \`${app.name}\` started`,
          ),
  });
}

function ofImage(
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

function ofScene(
  id: string,
  [pt, en]: readonly [string, string],
  needs: readonly string[],
  run: (scene: Scene & { readonly app: LiveContainer }) => Verdict | Promise<Verdict>,
): Check {
  return { ...{ id, title: words(pt, en), needs }, run: (context) => withApp(context, run) };
}

export default {
  checks: [
    ofImage('builds', ['A imagem é construída', 'The image builds'], [], () => pass()),
    ofImage(
      'base',
      ['A imagem final é a distroless do Python', 'The final image is the distroless of Python'],
      ['builds'],
      (image, { engine }) => baseIs(engine, image, BASE),
    ),
    ofImage(
      'no-shell',
      [
        'Nenhuma camada traz shell, pip ou gerenciador de pacotes',
        'No layer brings a shell, pip or a package manager',
      ],
      ['base'],
      (image) => noShell(image, { everyLayer: true }),
    ),
    ofImage(
      'starts',
      ['O primeiro processo existe, e não é root', 'The first process is there, and is not root'],
      ['base'],
      (image) => firstFailure(argvResolves(image), nonroot(image, { numeric: true })),
    ),
    ofImage(
      'nothing-baked',
      ['A imagem não diz onde está o Redis', 'The image does not say where Redis is'],
      ['builds'],
      (image) => nothingBaked(image),
    ),
    {
      id: 'running',
      title: words(
        'A aplicação roda e publica a porta 5000',
        'The application runs and publishes port 5000',
      ),
      needs: ['no-shell', 'starts', 'nothing-baked'],
      run: isRunning,
    },
    ofScene(
      'network',
      [
        'Ela está em uma rede sua, onde há nomes',
        'It is in a network of yours, where there are names',
      ],
      ['running'],
      isInNetwork,
    ),
    ofScene(
      'name',
      ['Ela procura o Redis por um nome que existe', 'It looks Redis up by a name that exists'],
      ['network'],
      nameNotAddress,
    ),
    {
      id: 'page',
      title: words('A página abre, com o seu estilo', 'The page opens, with its style'),
      needs: ['running'],
      run: showsPage,
    },
    {
      id: 'stored',
      title: words('Uma senha nova fica guardada no Redis', 'A new password is kept in Redis'),
      needs: ['page', 'name'],
      run: storesPassword,
    },
    ofScene(
      'closed',
      ['O Redis não é publicado', 'Redis is not published'],
      ['name'],
      nothingElsePublished,
    ),
    ofScene(
      'recreated',
      ['O Redis foi recriado, e ela nem percebeu', 'Redis was made anew, and it did not notice'],
      ['stored'],
      survivedRecreation,
    ),
  ],
} satisfies Verifier;
