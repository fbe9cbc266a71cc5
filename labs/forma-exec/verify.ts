import {
  argvResolves,
  baseIs,
  drawn,
  firstFailure,
  noShell,
  runs,
  userIs,
  words,
  type Check,
  type CheckContext,
  type Image,
  type Verifier,
} from '../../src/verify/index.ts';

interface Repair {
  readonly id: string;
  readonly folder: string;
  readonly base: string;
}

const REPAIRS: readonly Repair[] = [
  { id: 'shell-form', folder: '1-forma-shell', base: 'gcr.io/distroless/base-debian13:nonroot' },
  { id: 'quotes', folder: '2-aspas', base: 'gcr.io/distroless/base-debian13:nonroot' },
  { id: 'python', folder: '3-python', base: 'gcr.io/distroless/python3-debian13:nonroot' },
  { id: 'node', folder: '4-node', base: 'gcr.io/distroless/nodejs24-debian13:nonroot' },
  { id: 'script', folder: '5-script', base: 'gcr.io/distroless/python3-debian13:nonroot' },
  { id: 'path', folder: '6-path', base: 'gcr.io/distroless/base-debian13:nonroot' },
];

/** The base stays, no shell is brought, the first process can start, and it prints what it is told. */
function checksOf({ id, folder, base }: Repair): readonly Check[] {
  const image = ({ built }: CheckContext): Promise<Image> => built({ context: folder });
  return [
    {
      id: `${id}-base`,
      title: words(
        `${folder}: a base e o usuário são os mesmos`,
        `${folder}: base and user are the same`,
      ),
      run: async (context) => {
        const learners = await image(context);
        return firstFailure(baseIs(context.engine, learners, base), userIs(learners, 65532));
      },
    },
    {
      id: `${id}-no-shell`,
      title: words(`${folder}: continua sem shell`, `${folder}: still without a shell`),
      needs: [`${id}-base`],
      run: async (context) => noShell(await image(context), { everyLayer: true }),
    },
    {
      id: `${id}-argv`,
      title: words(
        `${folder}: o primeiro processo pode começar`,
        `${folder}: the first process can start`,
      ),
      needs: [`${id}-no-shell`],
      run: async (context) => argvResolves(await image(context)),
    },
    {
      id: `${id}-runs`,
      title: words(`${folder}: imprime a saudação`, `${folder}: prints the greeting`),
      needs: [`${id}-argv`],
      run: async (context) => {
        const greeting = drawn(context.nonce, 'saudacao');
        return runs(
          context.engine,
          { image: await image(context), env: { SAUDACAO: greeting } },
          { stdout: greeting },
        );
      },
    },
  ];
}

export default { checks: REPAIRS.flatMap(checksOf) } satisfies Verifier;
