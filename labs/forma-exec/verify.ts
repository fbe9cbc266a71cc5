import {
  argvResolves,
  baseIs,
  drawn,
  firstFailure,
  noShell,
  runs,
  userIs,
  withHint,
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

const image = ({ built }: CheckContext, { folder }: Repair): Promise<Image> =>
  built({ context: folder });

/** The base stays, no shell is brought, and the first process can start. */
function looksRight(repair: Repair): readonly Check[] {
  const { id, folder, base } = repair;
  return [
    {
      id: `${id}-base`,
      title: words(
        `${folder}: a base e o usuário são os mesmos`,
        `${folder}: base and user are the same`,
      ),
      run: async (context) => {
        const learners = await image(context, repair);
        const verdict = firstFailure(
          baseIs(context.engine, learners, base),
          userIs(learners, 65532),
        );
        return withHint(await verdict, 'no-other-base');
      },
    },
    {
      id: `${id}-no-shell`,
      title: words(`${folder}: continua sem shell`, `${folder}: still without a shell`),
      needs: [`${id}-base`],
      run: async (context) =>
        withHint(
          await noShell(await image(context, repair), { everyLayer: true }),
          'bring-no-shell',
        ),
    },
    {
      id: `${id}-argv`,
      title: words(
        `${folder}: o primeiro processo pode começar`,
        `${folder}: the first process can start`,
      ),
      needs: [`${id}-no-shell`],
      run: async (context) => argvResolves(await image(context, repair)),
    },
  ];
}

/** It prints what it is told. These come last: they cost a container each. */
function prints(repair: Repair): Check {
  return {
    id: `${repair.id}-runs`,
    title: words(`${repair.folder}: imprime a saudação`, `${repair.folder}: prints the greeting`),
    needs: [`${repair.id}-argv`],
    run: async (context) => {
      const greeting = drawn(context.nonce, 'saudacao');
      const request = { image: await image(context, repair), env: { SAUDACAO: greeting } };
      return withHint(await runs(context.engine, request, { stdout: greeting }), 'run-time');
    },
  };
}

export default {
  checks: [...REPAIRS.flatMap(looksRight), ...REPAIRS.map(prints)],
} satisfies Verifier;
