import {
  absentEverywhere,
  answers,
  argvResolves,
  baseIs,
  drawn,
  rebuild,
  stops,
  userIs,
  words,
  type Check,
  type CheckContext,
  type Image,
  type Verdict,
  type Verifier,
} from '../../src/verify/index.ts';

const BASE = 'gcr.io/distroless/nodejs24-debian13:nonroot';
const PORT = 3000;

function check(
  id: string,
  title: readonly [string, string],
  needs: readonly string[],
  judge: (image: Image, context: CheckContext) => Verdict | Promise<Verdict>,
): Check {
  return {
    ...{ id, title: words(...title), needs },
    run: async (context) => judge(await context.built(), context),
  };
}

export default {
  checks: [
    check('builds', ['A imagem é construída', 'The image builds'], [], () => ({ status: 'pass' })),
    check(
      'base',
      ['A base é nodejs24-debian13', 'The base is nodejs24-debian13'],
      ['builds'],
      (image, { engine }) => baseIs(engine, image, BASE),
    ),
    check(
      'starts',
      ['O primeiro processo existe', 'The first process is there'],
      ['builds'],
      (image) => argvResolves(image),
    ),
    check('user', ['O usuário é o 65532', 'The user is 65532'], ['builds'], (image) =>
      userIs(image, 65532),
    ),
    check(
      'only-needed',
      [
        'Nenhuma camada tem dependência de desenvolvimento, npm ou fonte',
        'No layer has a development dependency, npm or a source',
      ],
      ['base'],
      async (image, { engine }) => {
        const base = await engine.image(BASE);
        return absentEverywhere(image, {
          globs: ['**/monta', '**/node_modules/npm', '**/page.html', '**/page.css'],
          ...(base && { base }),
        });
      },
    ),
    {
      id: 'rebuild',
      title: words(
        'Mudar o código não reinstala as dependências',
        'Changing the code does not install the dependencies again',
      ),
      needs: ['builds'],
      run: (context) =>
        rebuild(context, {
          touch: 'src/server.js',
          makes: 'node_modules/frases/package.json',
        }),
    },
    check(
      'answers',
      ['O mural cumprimenta quem está em NOME', 'The wall greets whoever is in NOME'],
      ['starts'],
      (image, { engine, nonce }) => {
        const name = drawn(nonce, 'nome');
        return answers(
          engine,
          { image, env: { NOME: name } },
          { port: PORT, path: '/', headers: { 'Accept-Language': 'en' } },
          { body: `<h1>Hi, ${name}!</h1>` },
        );
      },
    ),
    check(
      'stops',
      ['O servidor para quando o Docker pede', 'The server stops when Docker asks'],
      ['answers'],
      (image, { engine }) => stops(engine, { image }, { ready: { port: PORT, path: '/' } }),
    ),
  ],
} satisfies Verifier;
