import type { Verdict } from '../check.ts';
import type { Container, Engine, RunRequest } from '../engine.ts';
import { fail } from '../verdicts.ts';
import { verbatim, words, type Words } from '../words.ts';

/**
 * Starts a container, uses it and removes it. One that does not start fails with the engine's words.
 *
 *     withContainer(engine, { image, ports: [8080] }, async (container) =>
 *       firstFailure(asks(container, { port: 8080, path: '/' }), …))
 */
export async function withContainer(
  engine: Engine,
  request: RunRequest,
  use: (container: Container) => Promise<Verdict>,
): Promise<Verdict> {
  const container = await engine.run(request);
  if (!container.started) {
    return fail({
      expected: words(`${runs(request)} inicia o processo`, `${runs(request)} starts the process`),
      found: verbatim(container.message),
      where: { instruction: ['ENTRYPOINT', 'CMD'] },
    });
  }
  try {
    return await use(container);
  } finally {
    await container.remove();
  }
}

function runs(request: RunRequest): string {
  return `\`${commandOf(request)}\``;
}

/** The request as a learner would type it, without the image's name, which they have not. */
export function commandOf(request: RunRequest): string {
  const { entrypoint, command = [], env = {}, user, tmpfs = [], volumes = [] } = request;
  const [program, ...given] = entrypoint ?? [];
  return [
    'docker run',
    ...(request.init === true ? ['--init'] : []),
    ...(request.readOnly === true ? ['--read-only'] : []),
    ...tmpfs.map((path) => `--tmpfs ${path}`),
    ...(request.dropCapabilities === true ? ['--cap-drop ALL'] : []),
    ...(request.noNewPrivileges === true ? ['--security-opt no-new-privileges'] : []),
    ...(user === undefined ? [] : [`--user ${user}`]),
    ...volumes.map((path) => `-v ${path}`),
    ...Object.entries(env).map(([name, value]) => `-e ${name}=${quoted(value)}`),
    ...(program === undefined ? [] : [`--entrypoint ${quoted(program)}`]),
    'IMAGE',
    ...[...given, ...command].map(quoted),
  ].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const SHOWN = 800;

/** The end of what a container printed, for people. */
export async function printed(container: Pick<Container, 'logs'>): Promise<Words> {
  const { stdout, stderr } = await container.logs();
  const out = shownEnd(stdout);
  const err = shownEnd(stderr);
  if (out === '' && err === '') return words('não imprimiu nada', 'it printed nothing');
  const pt = [out && `na saída padrão: ${out}`, err && `na saída de erros: ${err}`];
  const en = [out && `on standard output: ${out}`, err && `on standard error: ${err}`];
  return words(
    `imprimiu ${pt.filter(Boolean).join('; ')}`,
    `it printed ${en.filter(Boolean).join('; ')}`,
  );
}

/** The end of a text in backticks; '' for an empty one. */
export function shownEnd(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return `\`${trimmed.length > SHOWN ? `…${trimmed.slice(-SHOWN)}` : trimmed}\``;
}

/** How many seconds a program gets before it counts as stuck: the built-in engine emulates a processor. */
export function patience(engine: Engine): number {
  return engine.kind === 'embedded' ? 240 : 30;
}
