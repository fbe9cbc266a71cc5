import {
  effectiveArgv,
  fail,
  findTools,
  noShell,
  nonroot,
  pass,
  textIn,
  words,
  type Check,
  type CheckContext,
  type Image,
  type LiveContainer,
  type LiveEngine,
  type LiveEvent,
  type Verdict,
  type Verifier,
  type Words,
} from '../../src/verify/index.ts';

/** The program of the learner's container that has no shell; what the container is called is theirs to say. */
const PROGRAM = 'app/cofre.py';
/** Who it runs as, by its image's /etc/passwd. */
const UID = 65532;

const SHELL = /^(?:.*\/)?(?:sh|ash|bash|dash|zsh|busybox)$/;
/** What the program says when it starts: where its code is, and the code's hash. */
const STARTED = /sha256 ([0-9a-f]{64})/g;
const CODE = /\b[0-9a-f]{16}\b/g;

/** What runs, and what has run while somebody watched. */
interface Scene {
  readonly live: LiveEngine;
  readonly containers: readonly LiveContainer[];
  /** The newest safe, one that runs before one that does not. */
  readonly target: LiveContainer | undefined;
}

async function sceneOf({ engine }: CheckContext): Promise<Scene> {
  const live = engine.live();
  const containers = await live.containers();
  const safes = containers.filter(isTarget);
  const up = safes.filter(({ state }) => state.running);
  return { live, containers, target: up.find((one) => !hasBusybox(one)) ?? up[0] ?? safes[0] };
}

type Scenery = Scene & { readonly target: LiveContainer };

/** What a container starts. */
const argvOf = ({ config }: LiveContainer): readonly string[] => [
  ...(config.Entrypoint ?? []),
  ...(config.Cmd ?? []),
];

/** A safe, whatever it is called. */
const isTarget = (one: LiveContainer): boolean => argvOf(one).includes(`/${PROGRAM}`);

/** Made of a debug tag. */
const hasBusybox = ({ config }: LiveContainer): boolean =>
  config.Env?.some((one) => /^PATH=(?:.*:)?\/busybox(?::|$)/.test(one)) ?? false;

/** Those that have been started, besides the target itself. */
const others = ({ containers }: Scene): readonly LiveContainer[] =>
  containers.filter((one) => !isTarget(one) && one.state.status !== 'created');

/** A step that looks at what the learner has running, and needs the target for it. */
function step(
  id: string,
  [pt, en]: readonly [string, string],
  look: (scene: Scenery, context: CheckContext) => Promise<Verdict>,
): Check {
  return {
    ...{ id, title: words(pt, en), needs: ['target'], live: true },
    async run(context) {
      const { target, ...scene } = await sceneOf(context);
      return target ? look({ ...scene, target }, context) : noTarget();
    },
  };
}

function noTarget(): Verdict {
  return fail({
    expected: words('o cofre rodando em um container', 'the safe running in a container'),
    found: words(
      'nenhum container começa por `/app/cofre.py`',
      'no container starts with `/app/cofre.py`',
    ),
  });
}

async function targetRuns(context: CheckContext): Promise<Verdict> {
  const { live, target } = await sceneOf(context);
  if (!target) return noTarget();
  const expected = words(
    'o cofre rodando em um container, sem root e sem shell',
    'the safe running in a container, without root and without a shell',
  );
  if (!target.state.running) {
    const { stdout, stderr } = await live.logs(target.id).catch(() => ({ stdout: '', stderr: '' }));
    const last = `${stdout}${stderr}`.trim().split('\n').at(-1) ?? '';
    const code = target.state.exitCode;
    return fail({
      expected,
      found: words(
        `ele terminou com ${code}${last && `: ${last}`}`,
        `it ended with ${code}${last && `: ${last}`}`,
      ),
    });
  }
  const image = await context.engine.image(target.image);
  if (image) {
    const shell = await noShell(image, { packageManagers: false });
    if (shell.status === 'fail') return shell;
  }
  if (idsOf(target).uid !== UID) {
    const user = target.config.User ?? '';
    return fail({
      expected,
      found: words(`ele roda como \`${user || 'root'}\``, `it runs as \`${user || 'root'}\``),
    });
  }
  if ((await hashesOf(live, target)).length === 0) {
    return fail({
      expected,
      found: words(
        'no log dele não está a linha que o `cofre.py` imprime ao começar',
        'its log does not have the line that `cofre.py` prints when it starts',
      ),
    });
  }
  const said = `\`${target.name}\`: \`${target.imageName}\`, ${UID}:${UID}`;
  return pass(words(said, said));
}

/** An exec of a shell in the target that came to nothing. */
async function execFails({ live, containers, target }: Scenery): Promise<Verdict> {
  const targets = new Set(containers.filter(isTarget).map(({ id }) => id));
  const events = (await live.events(0)).filter(({ id }) => targets.has(id));
  const added = new Set((await live.changes(target.id)).map(({ path }) => path));
  const tried = execsIn(events).find(
    ({ argv: [program = ''], exitCode }) =>
      SHELL.test(program) && !added.has(program) && exitCode !== 0,
  );
  const path = target.config.Env?.find((one) => one.startsWith('PATH='))?.slice(5) ?? '';
  if (tried) {
    const folders = path.split(':').length;
    const command = tried.argv.join(' ');
    return pass(
      words(
        `\`exec ${command}\`: o processo nem começou. O \`PATH\` do cofre tem ${folders} pastas, e em nenhuma há um shell`,
        `\`exec ${command}\`: the process never began. The safe's \`PATH\` has ${folders} folders, and none has a shell`,
      ),
    );
  }
  return fail({
    expected: words(
      'uma tentativa de abrir um shell no cofre',
      'an attempt to open a shell in the safe',
    ),
    found: words('ninguém tentou', 'nobody has tried'),
  });
}

interface Exec {
  readonly argv: readonly string[];
  /** Undefined while it runs, and where it never began. */
  readonly exitCode: number | undefined;
}

/** What was executed in containers, by their events. */
function execsIn(events: readonly LiveEvent[]): readonly Exec[] {
  return events.flatMap(({ action, attributes }) => {
    const [, command] = /^exec_create: ?(.*)$/.exec(action) ?? [];
    if (command === undefined) return [];
    const { execID } = attributes;
    const end = events.find(
      (one) => one.action === 'exec_die' && one.attributes['execID'] === execID,
    )?.attributes['exitCode'];
    const exitCode = end === undefined ? undefined : Number(end);
    return [{ argv: command.trim().split(' '), exitCode }];
  });
}

async function debugImage(scene: Scenery, { engine }: CheckContext): Promise<Verdict> {
  const { target } = scene;
  let debug: LiveContainer | undefined;
  for (const one of others(scene)) {
    if (one.image === target.image || !hasBusybox(one)) continue;
    // A debug stage of one's own has the program: that is another step.
    const image = await engine.image(one.image);
    if (!image || (await programOf(image)) === undefined) debug = one;
  }
  const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12);
  if (debug) {
    return pass(
      words(
        `você entrou em \`${debug.imageName}\` (\`${short(debug.image)}\`); o cofre é \`${short(target.image)}\`, e o programa dele não está lá`,
        `you went into \`${debug.imageName}\` (\`${short(debug.image)}\`); the safe is \`${short(target.image)}\`, and its program is not there`,
      ),
    );
  }
  return fail({
    expected: words(
      'um container feito da tag `debug` da base do cofre',
      "a container made of the `debug` tag of the safe's base",
    ),
    found: words('nenhum até agora', 'none so far'),
  });
}

const shares = (mode: string, { containers }: Scene): boolean =>
  containers.some((one) => isTarget(one) && mode === `container:${one.id}`);

async function sidecar(scene: Scenery): Promise<Verdict> {
  const near = others(scene).filter(
    ({ pidMode, networkMode }) => shares(pidMode, scene) || shares(networkMode, scene),
  );
  const both = near.find(
    ({ pidMode, networkMode }) => shares(pidMode, scene) && shares(networkMode, scene),
  );
  if (both) {
    return pass(
      words(
        `\`${both.imageName}\` nos namespaces de PID e de rede do cofre`,
        `\`${both.imageName}\` in the safe's PID and network namespaces`,
      ),
    );
  }
  const [half] = near;
  const missing = half && (shares(half.pidMode, scene) ? '--network' : '--pid');
  return fail({
    expected: words(
      'um container com ferramentas, nos namespaces de PID e de rede do cofre ao mesmo tempo',
      "a container with tools, in the safe's PID and network namespaces at once",
    ),
    found: missing
      ? words(
          `\`${half.imageName}\` ficou sem \`${missing} container:${scene.target.name}\``,
          `\`${half.imageName}\` went without \`${missing} container:${scene.target.name}\``,
        )
      : words(
          'nenhum container divide algo com o cofre',
          'no container shares a thing with the safe',
        ),
  });
}

/** `--user` as the kernel gets it: a number that no passwd knows comes with group 0. */
function idsOf({ config, image }: LiveContainer, target?: LiveContainer): Ids {
  const [user = '', group] = (config.User ?? '').split(':');
  const uid = numberOf(user);
  // Of the safe's own image the group is in its /etc/passwd.
  const home = target === undefined || target.image === image ? uid : 0;
  return { uid, gid: group === undefined ? home : numberOf(group) };
}

interface Ids {
  /** NaN for a name that only the image knows. */
  readonly uid: number;
  readonly gid: number;
}

function numberOf(name: string): number {
  if (name === '' || name === 'root') return 0;
  if (name === 'nonroot') return UID;
  return /^\d+$/.test(name) ? Number(name) : NaN;
}

const mayTrace = ({ capAdd }: LiveContainer): boolean =>
  capAdd.includes('SYS_PTRACE') || capAdd.includes('ALL');

const inPid = (scene: Scene): readonly LiveContainer[] =>
  others(scene).filter(({ pidMode }) => shares(pidMode, scene));

async function said({ live }: Scene, { id }: LiveContainer): Promise<string> {
  const { stdout, stderr } = await live.logs(id);
  return `${stdout}\n${stderr}`;
}

async function denied(scene: Scenery): Promise<Verdict> {
  const near = inPid(scene);
  for (const one of near) {
    if (one.privileged || mayTrace(one) || idsOf(one).uid !== 0) continue;
    const line = (await said(scene, one))
      .split('\n')
      .find((text) => /permission denied/i.test(text))
      ?.trim();
    if (line !== undefined)
      return pass(words(`root, e ainda assim \`${line}\``, `root, and yet \`${line}\``));
  }
  return fail({
    expected: words(
      'um vizinho comum, que é root, com `/proc/1/root` negado',
      'an ordinary neighbour, which is root, denied `/proc/1/root`',
    ),
    found:
      near.length === 0
        ? words('nenhum vizinho no namespace de PID', 'no neighbour in the PID namespace')
        : words(
            'ninguém que seja root, e nada mais que isso, recebeu um «Permission denied»',
            'nobody who is root, and nothing more than that, got a “Permission denied”',
          ),
  });
}

/** Hashes of the codes that a safe has drawn; another for every start. */
async function hashesOf(live: LiveEngine, { id }: LiveContainer): Promise<readonly string[]> {
  const { stdout } = await live.logs(id);
  return Array.from(stdout.matchAll(STARTED), ([, hash = '']) => hash);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The neighbours that have printed the safe's code. */
async function readers(scene: Scene): Promise<readonly LiveContainer[]> {
  const safes = scene.containers.filter(isTarget);
  const hashes = new Set(
    (await Promise.all(safes.map((safe) => hashesOf(scene.live, safe).catch(() => [])))).flat(),
  );
  const found: LiveContainer[] = [];
  for (const one of inPid(scene)) {
    const codes = [...new Set((await said(scene, one)).match(CODE) ?? [])].slice(0, 100);
    const known = await Promise.all(codes.map(async (code) => hashes.has(await sha256(code))));
    if (known.includes(true)) found.push(one);
  }
  return found;
}

async function readAsUser(scene: Scenery): Promise<Verdict> {
  const found = await readers(scene);
  const right = found.find((one) => {
    const { uid, gid } = idsOf(one, scene.target);
    return uid === UID && gid === UID && !one.privileged && !mayTrace(one);
  });
  if (right) {
    return pass(
      words(
        `\`--user ${right.config.User ?? ''}\`: mesmo uid e mesmo gid que o cofre`,
        `\`--user ${right.config.User ?? ''}\`: the same uid and gid as the safe`,
      ),
    );
  }
  const noGroup = inPid(scene).find((one) => {
    const { uid, gid } = idsOf(one, scene.target);
    return uid === UID && gid !== UID;
  });
  return fail({
    expected: words(
      'o código do cofre, lido por um vizinho com o uid e o gid do cofre, sem privilégio nenhum',
      "the safe's code, read by a neighbour with the safe's uid and gid, without any privilege",
    ),
    found: noGroup
      ? words(
          `\`--user ${noGroup.config.User ?? ''}\`: o uid é o mesmo, mas o gid é ${idsOf(noGroup, scene.target).gid}`,
          `\`--user ${noGroup.config.User ?? ''}\`: the uid is the same, but the gid is ${idsOf(noGroup, scene.target).gid}`,
        )
      : found[0]
        ? words(
            'o código foi lido, mas com um privilégio a mais',
            'the code was read, but with a privilege on top',
          )
        : nobody,
  });
}

const nobody = words('ninguém leu o código ainda', 'nobody has read the code yet');

async function readWithCapability(scene: Scenery): Promise<Verdict> {
  const found = await readers(scene);
  const right = found.find(
    (one) =>
      one.capAdd.length === 1 &&
      one.capAdd[0] === 'SYS_PTRACE' &&
      !one.privileged &&
      idsOf(one).uid === 0,
  );
  if (right) {
    return pass(
      words(
        'uma capability a mais, e nenhuma outra: `SYS_PTRACE`',
        'one capability more, and no other: `SYS_PTRACE`',
      ),
    );
  }
  const tooMuch = found.find((one) => one.privileged || one.capAdd.length > 1 || mayTrace(one));
  const what = (one: LiveContainer): string =>
    one.privileged ? '--privileged' : one.capAdd.map((name) => `--cap-add ${name}`).join(' ');
  return fail({
    expected: words(
      'o código do cofre, lido por root com a capability que falta e nenhuma outra',
      "the safe's code, read by root with the capability that is missing and no other",
    ),
    found: tooMuch
      ? words(
          `o código foi lido, mas com \`${what(tooMuch)}\`: muito mais do que era preciso`,
          `the code was read, but with \`${what(tooMuch)}\`: far more than was needed`,
        )
      : nobody,
  });
}

async function injected({ live, target }: Scenery): Promise<Verdict> {
  const added = (await live.changes(target.id)).filter(({ kind }) => kind === 'A');
  const events = (await live.events(0)).filter(({ id }) => id === target.id);
  const ran = execsIn(events).find(
    ({ argv: [program = ''], exitCode }) =>
      exitCode !== 126 && exitCode !== 127 && added.some(({ path }) => path === program),
  );
  const [path = ''] = ran?.argv ?? [];
  if (ran) {
    return pass(
      words(
        `\`docker diff\`: \`A ${path}\`. Este container já não é o que a imagem dele diz, e sem \`rm\` lá dentro vai ficar assim`,
        `\`docker diff\`: \`A ${path}\`. This container is not what its image says any more, and with no \`rm\` in there it will stay so`,
      ),
    );
  }
  const files = added.map((one) => `\`${one.path}\``).join(', ');
  return fail({
    expected: words(
      'um busybox copiado para dentro do cofre, e um exec dele',
      'a busybox copied into the safe, and an exec of it',
    ),
    found: files
      ? words(`${files} está lá, e ninguém rodou`, `${files} is there, and nobody ran it`)
      : words('nada foi acrescentado ao cofre', 'nothing was added to the safe'),
  });
}

const program = (one: LiveContainer): string => argvOf(one)[0] ?? '';

async function mounted(scene: Scenery): Promise<Verdict> {
  const { target } = scene;
  const brought = others(scene).filter((one) =>
    one.mounts.some(({ target: at }) => program(one).startsWith(`${at}/`)),
  );
  const failed = ({ state }: LiveContainer): boolean =>
    !state.running && (state.exitCode === 126 || state.exitCode === 127);
  const right = brought.find((one) => one.image === target.image && !failed(one));
  if (right) {
    return pass(
      words(
        `\`${program(right)}\` na mesma imagem do cofre, sem um byte a mais nela`,
        `\`${program(right)}\` in the very image of the safe, without a byte more in it`,
      ),
    );
  }
  const [other] = brought;
  return fail({
    expected: words(
      'um container da mesma imagem do cofre, que começa por um busybox montado',
      "a container of the safe's very image, which starts with a busybox that is mounted",
    ),
    found: other
      ? other.image === target.image
        ? words(
            `\`${program(other)}\` não começou (${other.state.exitCode})`,
            `\`${program(other)}\` did not start (${other.state.exitCode})`,
          )
        : words(
            `um busybox montado em \`${other.imageName}\`, que é outra imagem`,
            `a busybox mounted into \`${other.imageName}\`, which is another image`,
          )
      : words('nenhum até agora', 'none so far'),
  });
}

/** A stage of its own beside the one that is delivered, which is as it was. */
async function debugTarget({ built }: CheckContext): Promise<Verdict> {
  const production = await built();
  const clean = await noShell(production);
  if (clean.status === 'fail') return clean;
  const debug = await built({ target: 'debug' });
  const expected = words(
    'um stage `debug`: o mesmo programa, o mesmo usuário, e um shell',
    'a stage `debug`: the same program, the same user, and a shell',
  );
  const tools = (await findTools(debug)).filter(({ kind, visible }) => kind === 'shell' && visible);
  if (tools.length === 0) {
    const found = words('o stage `debug` não tem shell', 'the stage `debug` has no shell');
    return fail({ expected, found });
  }
  const [ours, theirs] = await Promise.all([production, debug].map(programOf));
  if (ours === undefined || ours !== theirs) {
    return fail({
      expected,
      found:
        theirs === undefined
          ? words(
              `o stage \`debug\` não tem \`/${PROGRAM}\``,
              `the stage \`debug\` has no \`/${PROGRAM}\``,
            )
          : words(
              `\`/${PROGRAM}\` é outro em cada stage`,
              `\`/${PROGRAM}\` is another in each stage`,
            ),
    });
  }
  const user = await nonroot(debug);
  if (user.status === 'fail') return user;
  const [argv, same] = [debug, production].map((one) => effectiveArgv(one).join(' '));
  if (argv !== same) {
    const found: Words = words(`ele começa \`${argv}\``, `it starts \`${argv}\``);
    return fail({ expected, found });
  }
  const [first] = tools;
  return pass(
    words(
      `o mesmo programa, mais \`${first?.path ?? ''}\`; o que se entrega continua sem`,
      `the same program, plus \`${first?.path ?? ''}\`; what is delivered is still without`,
    ),
  );
}

const programOf = async (image: Image): Promise<string | undefined> =>
  textIn(await image.files(), PROGRAM);

export default {
  checks: [
    {
      id: 'target',
      title: words(
        'O cofre está no ar: um container sem root e sem shell',
        'The safe is up: a container without root and without a shell',
      ),
      live: true,
      run: targetRuns,
    },
    step(
      'exec-fails',
      ['Você bateu na porta: não há shell', 'You knocked: there is no shell'],
      execFails,
    ),
    step(
      'debug-image',
      [
        'Você abriu a imagem `:debug`, e ela é outra imagem',
        'You opened the `:debug` image, and it is another image',
      ],
      debugImage,
    ),
    step(
      'sidecar',
      [
        'Um busybox é vizinho do cofre: mesmos processos, mesma rede',
        "A busybox is the safe's neighbour: the same processes, the same network",
      ],
      sidecar,
    ),
    step(
      'denied',
      [
        'O vizinho vê o cofre, e `/proc/1/root` é negado a ele',
        'The neighbour sees the safe, and is denied `/proc/1/root`',
      ],
      denied,
    ),
    step(
      'read-as-user',
      [
        'O código, lido por um vizinho que é igual ao cofre',
        'The code, read by a neighbour who is the same as the safe',
      ],
      readAsUser,
    ),
    step(
      'read-with-capability',
      [
        'O código, lido por root com uma capability a mais',
        'The code, read by root with one capability more',
      ],
      readWithCapability,
    ),
    step(
      'injected',
      ['Um busybox copiado para dentro do cofre', 'A busybox copied into the safe'],
      injected,
    ),
    step(
      'mounted',
      [
        'Um busybox montado na mesma imagem, sem mexer nela',
        'A busybox mounted into the same image, without changing it',
      ],
      mounted,
    ),
    {
      id: 'debug-target',
      title: words(
        'O Dockerfile tem um stage `debug`, e entrega o outro',
        'The Dockerfile has a stage `debug`, and delivers the other',
      ),
      run: debugTarget,
    },
  ],
} satisfies Verifier;
