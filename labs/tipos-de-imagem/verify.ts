import {
  absentEverywhere,
  argvResolves,
  baseIs,
  drawn,
  effectiveArgv,
  elfRuns,
  fail,
  findProgram,
  firstFailure,
  layerCount,
  pass,
  runs,
  userIs,
  words,
  type Check,
  type CheckContext,
  type Image,
  type Verdict,
  type Verifier,
} from '../../src/verify/index.ts';

/** From the smallest: each has what the one before it has, and more libraries. */
const FAMILY = ['static', 'base-nossl', 'base', 'cc'].map(nameOf);
const JAVA = nameOf('java21');

const FROM_PACKAGES = words(
  'nenhuma biblioteca copiada à mão: só as que os pacotes da base trazem',
  'no library copied by hand: only those that the base’s packages bring',
);

function nameOf(member: string): string {
  return `gcr.io/distroless/${member}-debian13:nonroot`;
}

/** Folders of the programs that the kernel starts, and what they are. */
const PROGRAMS = {
  go: words('o programa em Go', 'the Go program'),
  c: words('o programa em C', 'the C program'),
  tls: words('o cliente de OpenSSL', 'the OpenSSL client'),
  cpp: words('o programa em C++', 'the C++ program'),
  amanha: words('o programa do próximo Debian', 'the next Debian’s program'),
} as const;

const FOLDERS = [...Object.keys(PROGRAMS), 'java'];

/** Where the program lies that the image starts; as it is written when there is none. */
async function programOf(image: Image): Promise<string> {
  const [name = ''] = effectiveArgv(image);
  const { path } = await findProgram(image, name);
  return path === undefined ? name : `/${path}`;
}

const images = ({ built }: CheckContext, context: string): Promise<Image> => built({ context });

/** What the loader would miss is told before a container says it in its own words. */
async function greets(context: CheckContext, folder: string): Promise<Verdict> {
  const image = await images(context, folder);
  const loads =
    folder === 'java' ? await argvResolves(image) : await elfRuns(image, await programOf(image));
  if (loads.status !== 'pass') return loads;
  const saudacao = drawn(context.nonce, 'saudacao');
  const { engine } = context;
  // An emulated processor interprets a program this small in less time than it compiles it.
  const slow = engine.kind === 'embedded' && folder === 'java';
  const env = { SAUDACAO: saudacao, ...(slow && { JAVA_TOOL_OPTIONS: '-Xint' }) };
  return runs(engine, { image, env }, { stdout: saudacao });
}

/** On one of the family, with no library brought along, and on none smaller would the program load. */
async function smallest({ engine, built }: CheckContext, folder: string): Promise<Verdict> {
  const image = await built({ context: folder });
  const program = await programOf(image);
  const smaller: Image[] = [];
  for (const name of FAMILY) {
    const verdict = await baseIs(engine, image, name);
    const base = await engine.image(name);
    if (!base) throw new Error(`${name} was there a moment ago`);
    if (verdict.status !== 'pass') {
      smaller.push(base);
      continue;
    }
    const own = await absentEverywhere(image, { globs: ['**/*.so', '**/*.so.*'], base });
    if (own.status === 'fail') return { ...own, expected: FROM_PACKAGES };
    for (const [at, candidate] of smaller.entries()) {
      const moved = await elfRuns(await onto(candidate, image, base), program);
      if (moved.status === 'pass') return tooLarge(program, name, FAMILY[at] ?? '');
    }
    return pass(
      words(`\`${name}\`, e nada menor basta`, `\`${name}\`, and nothing smaller will do`),
    );
  }
  return fromOutside(engine, image);
}

/** `image` as it would be with another base under its own layers. */
async function onto(candidate: Image, image: Image, base: Image): Promise<Image> {
  const own = (await image.layers()).slice(layerCount(base));
  const bottom = await candidate.files();
  const tree = own.reduce((below, { entries }) => below.apply(entries), bottom);
  return {
    ...{ id: image.id, config: image.config, size: () => image.size() },
    layers: () => image.layers(),
    files: () => Promise.resolve(tree),
  };
}

function tooLarge(program: string, base: string, enough: string): Verdict {
  return fail({
    expected: words(
      'a menor imagem da família em que o programa carrega',
      'the smallest image of the family in which the program loads',
    ),
    found: words(
      `\`${base}\`, mas \`${program}\` encontra tudo o que pede também em \`${enough}\``,
      `\`${base}\`, but \`${program}\` finds all it asks for in \`${enough}\`, too`,
    ),
  });
}

/** None of the family is its base: what is, and the family to choose from. */
async function fromOutside(engine: CheckContext['engine'], image: Image): Promise<Verdict> {
  const [first = ''] = FAMILY;
  const verdict = await baseIs(engine, image, first);
  if (verdict.status !== 'fail') return verdict;
  const family = FAMILY.map((name) => `\`${name}\``).join(', ');
  return { ...verdict, expected: words(`uma destas bases: ${family}`, `one of these: ${family}`) };
}

const programChecks: readonly Check[] = Object.entries(PROGRAMS).flatMap(([folder, what]) => [
  {
    id: `${folder}-runs`,
    title: words(`${folder}/: ${what['pt-BR']} roda`, `${folder}/: ${what.en} runs`),
    run: (context) => greets(context, folder),
  },
  {
    id: `${folder}-base`,
    title: words(`${folder}/: a base é a menor que basta`, `${folder}/: no smaller base will do`),
    needs: [`${folder}-runs`],
    run: (context) => smallest(context, folder),
  },
]);

export default {
  checks: [
    ...programChecks,
    {
      id: 'java-starts',
      title: words('java/: a imagem inicia o jar', 'java/: the image starts the jar'),
      run: async (context) => argvResolves(await images(context, 'java')),
    },
    {
      id: 'java-no-compiler',
      title: words('java/: o compilador ficou no builder', 'java/: the compiler stayed behind'),
      run: async (context) =>
        absentEverywhere(await images(context, 'java'), { globs: ['**/bin/javac', '**/*.java'] }),
    },
    {
      id: 'java-base',
      title: words('java/: a base é java21-debian13', 'java/: the base is java21-debian13'),
      needs: ['java-no-compiler'],
      run: async (context) => baseIs(context.engine, await images(context, 'java'), JAVA),
    },
    {
      id: 'users',
      title: words('Nenhuma das seis roda como root', 'None of the six runs as root'),
      run: async (context) => {
        const all = await Promise.all(FOLDERS.map((folder) => images(context, folder)));
        return firstFailure(...all.map((image) => userIs(image, 65532)));
      },
    },
    {
      id: 'java-runs',
      title: words('java/: o programa em Java roda', 'java/: the Java program runs'),
      needs: ['java-starts'],
      run: (context) => greets(context, 'java'),
    },
  ],
} satisfies Verifier;
