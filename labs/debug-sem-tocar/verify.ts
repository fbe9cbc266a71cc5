import {
  drawn,
  fail,
  noShell,
  pass,
  verbatim,
  words,
  written,
  writtenRight,
  type Check,
  type CheckContext,
  type LiveContainer,
  type LiveEngine,
  type Verdict,
  type Verifier,
  type Words,
  type Wrong,
  type WrittenQuestion,
} from '../../src/verify/index.ts';

const SERVICES = ['catalogo', 'contador', 'cartaz'] as const;
type Service = (typeof SERVICES)[number];

/** What one look at the learner's containers shows. */
interface Night {
  readonly live: LiveEngine;
  readonly all: readonly LiveContainer[];
  /** The container that subir.sh made, or the one that was put in its place by `-2`. */
  readonly named: (service: Service, suffix?: string) => LiveContainer | undefined;
}

const nameOf = ({ nonce }: CheckContext, service: Service, suffix = ''): string =>
  `${drawn(nonce, 'loja')}-${service}${suffix}`;

async function night(context: CheckContext): Promise<Night> {
  const live = context.engine.live();
  const all = await live.containers();
  const named = (service: Service, suffix = ''): LiveContainer | undefined =>
    all.find(({ name }) => name === nameOf(context, service, suffix));
  return { live, all, named };
}

/** The three of that night; the checks after `up` find them all. */
async function broken(
  context: CheckContext,
): Promise<Night & { readonly three: readonly LiveContainer[] }> {
  const seen = await night(context);
  return { ...seen, three: SERVICES.flatMap((service) => seen.named(service) ?? []) };
}

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

async function areUp(context: CheckContext): Promise<Verdict> {
  const { named } = await night(context);
  const missing = SERVICES.filter((service) => named(service)?.state.running !== true);
  if (missing.length === 0) return pass();
  const names = missing.map((service) => nameOf(context, service));
  const ended = missing.some((service) => named(service) !== undefined);
  return fail({
    expected: words(
      'os três containers que `sh subir.sh` pôs no ar ainda rodam',
      'the three containers that `sh subir.sh` brought up still run',
    ),
    found: ended
      ? words(`não rodam mais: ${listed(names)}`, `they do not run any more: ${listed(names)}`)
      : words(`não há ${listed(names)}`, `there is no ${listed(names)}`),
  });
}

/** What was put up that night has no shell; with one inside it is something else that is looked at. */
async function areTheImage(context: CheckContext): Promise<Verdict> {
  const { three } = await broken(context);
  const [first] = three;
  const other = three.find(({ image }) => image !== first?.image);
  if (first && other) {
    return fail({
      expected: words(
        'os três containers são da mesma imagem, a que `sh subir.sh` construiu',
        'the three containers are of one image, the one that `sh subir.sh` built',
      ),
      found: words(
        `\`${other.name}\` é de \`${other.imageName}\`, e \`${first.name}\` é de \`${first.imageName}\``,
        `\`${other.name}\` is of \`${other.imageName}\`, and \`${first.name}\` is of \`${first.imageName}\``,
      ),
    });
  }
  const image = first && (await context.engine.image(first.image));
  // Somebody removed it by force while its containers run; who they are is known all the same.
  return image ? noShell(image) : pass();
}

async function areUntouched(context: CheckContext): Promise<Verdict> {
  const { live, three } = await broken(context);
  for (const { id, name } of three) {
    const changes = await live.changes(id);
    if (changes.length === 0) continue;
    const shown = changes.slice(-3).map(({ kind, path }) => `${kind} ${path}`);
    return fail({
      expected: words(
        `\`docker diff ${name}\` não mostra nada: quem diagnostica não deixa marcas`,
        `\`docker diff ${name}\` shows nothing: who diagnoses leaves no marks`,
      ),
      found: words(`ele mostra ${listed(shown)}`, `it shows ${listed(shown)}`),
    });
  }
  return pass();
}

type Namespace = 'network' | 'pid';

const FLAGS: Readonly<Record<Namespace, string>> = { network: '--network', pid: '--pid' };

const modeOf = (one: LiveContainer, namespace: Namespace): string =>
  namespace === 'network' ? one.networkMode : one.pidMode;

/** Somebody sat beside this container, in its network or among its processes, and can still be seen. */
function sidecar(service: Service, namespace: Namespace, title: readonly [string, string]): Check {
  return {
    ...{ id: `sidecar-${service}`, title: words(...title), needs: ['up'] },
    async run(context) {
      const { all, live, three, named } = await broken(context);
      const target = named(service);
      const started = all.filter(({ state }) => state.startedAt !== undefined);
      const right = started.find(
        (one) => modeOf(one, namespace) === `container:${target?.id ?? ''}`,
      );
      if (right) return pass(verbatim(`\`${right.name}\` (\`${right.imageName}\`)`));
      const flag = `${FLAGS[namespace]} container:${nameOf(context, service)}`;
      const began = Math.min(...three.map(({ created }) => created));
      return fail({
        expected: words(
          `um container que rodou com \`${flag}\`, e que ainda está em \`docker ps -a\``,
          `a container that ran with \`${flag}\`, and that is still in \`docker ps -a\``,
        ),
        ...(await others(context, { all: started, live, namespace, began })),
      });
    },
  };
}

/** Why there is none, as far as it shows: it is gone, it sat beside another one, it was on its own. */
async function others(
  context: CheckContext,
  look: {
    readonly all: readonly LiveContainer[];
    readonly live: LiveEngine;
    readonly namespace: Namespace;
    readonly began: number;
  },
): Promise<{ readonly found: Words; readonly hint?: string }> {
  const { all, live, namespace, began } = look;
  const own = new Set([
    `${drawn(context.nonce, 'loja')}-redis`,
    ...SERVICES.flatMap((service) => ['', '-2'].map((end) => nameOf(context, service, end))),
  ]);
  const visitors = all.filter(({ name, created }) => created > began && !own.has(name));
  const joined = visitors.find((one) => modeOf(one, namespace).startsWith('container:'));
  if (joined) {
    const id = modeOf(joined, namespace).slice('container:'.length);
    const host = all.find((one) => one.id === id)?.name ?? id.slice(0, 12);
    return {
      found: words(
        `\`${joined.name}\` está ao lado de \`${host}\``,
        `\`${joined.name}\` is beside \`${host}\``,
      ),
    };
  }
  const gone = (await live.events(began)).findLast(
    ({ type, action, attributes }) =>
      type === 'container' && action === 'destroy' && !own.has(attributes['name'] ?? ''),
  );
  if (gone) {
    const name = gone.attributes['name'] ?? '';
    return {
      found: words(
        `\`${name}\` já foi removido (\`--rm\`?), e não se vê mais o que ele fez`,
        `\`${name}\` was removed (\`--rm\`?), and what it did cannot be seen any more`,
      ),
      hint: 'keep-them',
    };
  }
  const [alone] = visitors;
  if (alone) {
    const mode = modeOf(alone, namespace) || 'private';
    return {
      found: words(
        `\`${alone.name}\` rodou sozinho: ${FLAGS[namespace]} \`${mode}\``,
        `\`${alone.name}\` ran on its own: ${FLAGS[namespace]} \`${mode}\``,
      ),
    };
  }
  return { found: words('nenhum outro container', 'no other container') };
}

function question(
  key: string,
  right: string,
  what: readonly [string, string],
  wrong: (text: string) => Words | undefined = () => undefined,
): WrittenQuestion {
  return {
    key,
    judge: (text): Wrong | undefined =>
      text === right
        ? undefined
        : {
            expected: words(...what),
            found:
              wrong(text) ??
              words(
                `\`${text}\`, que não é o deste container`,
                `\`${text}\`, which is not this container's`,
              ),
            hint: `look-${key.split('.')[0] ?? ''}`,
          },
  };
}

function findings({ nonce, folder }: CheckContext): Verdict {
  const [port, shop] = [drawn(nonce, 'porta'), drawn(nonce, 'loja')];
  return writtenRight(written(folder, 'plantao.txt'), [
    question(
      'catalogo.escuta',
      `127.0.0.1:${port}`,
      [
        'o endereço e a porta da linha LISTEN, `endereço:porta`',
        'address and port of the line LISTEN, `address:port`',
      ],
      (text) =>
        text.endsWith(`:${port}`)
          ? words(
              `\`${text}\`: a porta é essa, o endereço não`,
              `\`${text}\`: that is the port, and not the address`,
            )
          : undefined,
    ),
    question('contador.procura', `${drawn(nonce, 'trocado')}-redis`, [
      'o nome que o contador procura',
      'the name that the counter looks up',
    ]),
    question('contador.correto', `${shop}-redis`, [
      'o nome pelo qual o Redis é conhecido na rede do contador',
      'the name that Redis is known by in the network of the counter',
    ]),
    question('cartaz.falta', `/cartazes/${drawn(nonce, 'promocao')}.txt`, [
      'o caminho inteiro do arquivo que o cartaz tenta abrir',
      'the whole path of the file that the poster tries to open',
    ]),
  ]);
}

/** Asks from the container's own address in the network: what listens on loopback alone does not hear it. */
const ASK = `import socket, sys
conexao = socket.create_connection((sys.argv[1], int(sys.argv[2])), 30)
conexao.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
sys.stdout.write(conexao.makefile("rb").read().decode())`;

function cured(service: Service, title: readonly [string, string]): Check {
  return {
    ...{ id: `cured-${service}`, title: words(...title), needs: ['findings'] },
    async run(context) {
      const { live, named } = await night(context);
      const [old, cure] = [named(service), named(service, '-2')];
      const name = nameOf(context, service, '-2');
      const expected = words(
        `\`${name}\` roda na rede da loja, da mesma imagem que \`${old?.name ?? ''}\`, e responde 200`,
        `\`${name}\` runs in the network of the shop, of the same image as \`${old?.name ?? ''}\`, and answers 200`,
      );
      const wrong = (pt: string, en: string): Verdict => fail({ expected, found: words(pt, en) });
      if (!cure) return wrong(`não há \`${name}\``, `there is no \`${name}\``);
      if (!cure.state.running) {
        const { stderr } = await live.logs(cure.id);
        const last = stderr.trim().split('\n').at(-1) ?? '';
        return wrong(`ele terminou: \`${last}\``, `it has ended: \`${last}\``);
      }
      if (cure.image !== old?.image) {
        return wrong(
          `ele é de outra imagem, \`${cure.imageName}\``,
          `it is of another image, \`${cure.imageName}\``,
        );
      }
      const network = `${drawn(context.nonce, 'loja')}-rede`;
      const address = cure.networks.find((one) => one.network === network)?.address;
      if (address === undefined) {
        return wrong(
          `ele não está na rede \`${network}\``,
          `it is not in the network \`${network}\``,
        );
      }
      const port = portOf(cure);
      const { code, stdout, stderr } = await live.exec(cure.id, [
        '/usr/bin/python3',
        '-c',
        ASK,
        address,
        port,
      ]);
      if (code === 0 && stdout.startsWith('HTTP/1.1 200')) return pass();
      const said = (code === 0 ? stdout.split('\r\n')[0] : stderr.trim().split('\n').at(-1)) ?? '';
      return wrong(
        `quem vai a \`${address}:${port}\` ouve \`${said}\``,
        `who goes to \`${address}:${port}\` hears \`${said}\``,
      );
    },
  };
}

/** As the program reads it. */
function portOf({ config }: LiveContainer): string {
  const given = (config.Env ?? []).find((pair) => pair.startsWith('PORTA='));
  return given?.slice('PORTA='.length) ?? '8000';
}

export default {
  checks: [
    {
      id: 'up',
      title: words(
        'Os três serviços daquela noite ainda rodam',
        'The three services of that night still run',
      ),
      run: areUp,
    },
    {
      id: 'image',
      title: words(
        'São da imagem que foi para o ar, sem shell',
        'They are of the image that went live, with no shell',
      ),
      needs: ['up'],
      run: areTheImage,
    },
    {
      id: 'untouched',
      title: words('Nada foi mudado dentro deles', 'Nothing was changed inside them'),
      needs: ['up'],
      run: areUntouched,
    },
    sidecar('catalogo', 'network', [
      'Alguém olhou de dentro da rede do catálogo',
      'Somebody looked from inside the network of the catalogue',
    ]),
    sidecar('contador', 'network', [
      'Alguém olhou de dentro da rede do contador',
      'Somebody looked from inside the network of the counter',
    ]),
    sidecar('cartaz', 'pid', [
      'Alguém olhou do meio dos processos do cartaz',
      'Somebody looked from among the processes of the poster',
    ]),
    {
      id: 'findings',
      title: words(
        'O relatório do plantão diz o que há',
        'The report of the night says what is wrong',
      ),
      needs: ['up'],
      run: async (context) => findings(context),
    },
    cured('catalogo', [
      'O catálogo responde a quem vem de fora',
      'The catalogue answers who comes from outside',
    ]),
    cured('contador', ['O contador conta', 'The counter counts']),
    cured('cartaz', ['O cartaz mostra um cartaz', 'The poster shows a poster']),
  ],
} satisfies Verifier;
