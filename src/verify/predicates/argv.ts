import { rootedPath } from '../../engine/layer/path.ts';
import type { Verdict, Where } from '../check.ts';
import type { Image } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { factsOf } from './facts.ts';
import { whereIs } from './layers.ts';
import { findProgram, type Program } from './program.ts';
import { runtimeOf, scriptProblem } from './runtime.ts';

/** What the first process gets: ENTRYPOINT, then CMD (or `command` instead of it). */
export function effectiveArgv(image: Image, command?: readonly string[]): readonly string[] {
  const { entrypoint, cmd } = factsOf(image);
  return [...entrypoint, ...(command ?? cmd)];
}

/**
 * The first process can be started: its program is found as the engine would (PATH, WORKDIR), is
 * executable, and its interpreter is there (`#!` or ELF). A runtime's script (`node x.js`, `python3
 * app.py`, `java -jar x.jar`) is there, too: `CMD ["node", "x.js"]` on an image whose ENTRYPOINT is node
 * already fails, as does the shell form where there is no shell. Libraries are `elfRuns`' business.
 */
export async function argvResolves(
  image: Image,
  options: { readonly command?: readonly string[] } = {},
): Promise<Verdict> {
  const argv = effectiveArgv(image, options.command);
  const expected = words(
    'ENTRYPOINT e CMD juntos dão um comando que a imagem pode iniciar',
    'ENTRYPOINT and CMD together make a command that the image can start',
  );
  const said = `\`${JSON.stringify(argv)}\``;
  const because = (why: Words): Words =>
    words(`o comando é ${said}: ${why['pt-BR']}`, `the command is ${said}: ${why.en}`);
  const [name] = argv;
  if (name === undefined) {
    return fail({
      expected,
      found: words(
        'nem ENTRYPOINT nem CMD: nada a iniciar',
        'neither ENTRYPOINT nor CMD: nothing to start',
      ),
      where: { instruction: START },
    });
  }
  const program = await findProgram(image, name);
  if (!program.ok) {
    const shellForm = shellFormOf(argv);
    const found = because(shellForm ? withShellForm(shellForm, program.found) : program.found);
    return fail({ expected, found, where: await whereOf(image, program, START) });
  }
  const runtime = runtimeOf(program);
  const problem = runtime && (await scriptProblem(image, runtime, argv.slice(1)));
  if (!problem) return pass(words(said, said));
  return fail({ expected, found: because(problem), where: { instruction: START } });
}

/** One program of the image can be started, `/app` or a name to look for in PATH. */
export async function programResolves(image: Image, program: string): Promise<Verdict> {
  const found = await findProgram(image, program);
  if (found.ok) {
    const path = words(`\`/${found.path}\``, `\`/${found.path}\``);
    return pass(path);
  }
  return fail({
    expected: words(`\`${program}\` pode ser iniciado`, `\`${program}\` can be started`),
    found: found.found,
    where: await whereOf(image, found),
  });
}

/** There is a HEALTHCHECK and its program can be started: the shell form needs a shell. */
export async function healthcheckResolves(image: Image): Promise<Verdict> {
  const { healthcheck } = factsOf(image);
  const expected = words(
    'um HEALTHCHECK cujo programa existe na imagem',
    'a HEALTHCHECK whose program is in the image',
  );
  if (!healthcheck) {
    return fail({
      expected,
      found: words('a imagem não tem HEALTHCHECK', 'the image has no HEALTHCHECK'),
      where: { instruction: 'HEALTHCHECK' },
    });
  }
  const [form, ...test] = healthcheck;
  const shell = image.config.config.Shell ?? ['/bin/sh', '-c'];
  const argv = form === 'CMD-SHELL' ? [...shell, ...test] : test;
  const said = `\`${JSON.stringify(argv)}\``;
  const program = await findProgram(image, argv[0] ?? '');
  const runtime = program.ok ? runtimeOf(program) : undefined;
  const problem = program.ok
    ? runtime && (await scriptProblem(image, runtime, argv.slice(1)))
    : form === 'CMD-SHELL'
      ? withShellForm(test.join(' '), program.found)
      : program.found;
  if (!problem) return pass(words(said, said));
  const found = words(
    `o teste é ${said}: ${problem['pt-BR']}`,
    `the test is ${said}: ${problem.en}`,
  );
  return fail({ expected, found, where: await whereOf(image, program, 'HEALTHCHECK') });
}

/** What makes the first process of a container. */
const START = ['ENTRYPOINT', 'CMD'];

/** The program's path and layer, where it has them, and what wants it started. */
async function whereOf(
  image: Image,
  program: Program,
  instruction?: Where['instruction'],
): Promise<Where> {
  const asked = instruction === undefined ? {} : { instruction };
  if (program.path === undefined) return asked;
  const tree = await image.files();
  // What is not there is in no layer.
  return tree.get(rootedPath(program.path))
    ? { ...asked, ...(await whereIs(image, program.path)) }
    : { ...asked, path: `/${program.path}` };
}

/** The line of `["/bin/sh", "-c", LINE]`, as the shell form writes it. */
function shellFormOf([shell, flag, line]: readonly string[]): string | undefined {
  return flag === '-c' && /^\/bin\/(?:ba|da|a)?sh$/.test(shell ?? '') ? line : undefined;
}

function withShellForm(line: string, why: Words): Words {
  const quoted = /^\s*["']/.test(line)
    ? words(
        ' (as aspas sem colchetes também são forma shell)',
        ' (quotes without brackets are shell form, too)',
      )
    : words('', '');
  return words(
    `é a forma shell de \`${line}\`${quoted['pt-BR']}, e ${why['pt-BR']}`,
    `it is the shell form of \`${line}\`${quoted.en}, and ${why.en}`,
  );
}
