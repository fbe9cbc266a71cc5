import { baseName, joinPath, rootedPath } from '../../engine/layer/path.ts';
import { readElf } from '../elf/read.ts';
import type { Image } from '../engine.ts';
import { missingAt } from '../missing.ts';
import { fileIn } from '../read.ts';
import { words, type Words } from '../words.ts';
import { factsOf } from './facts.ts';
import { allowed, closed, type Program } from './program.ts';
import { userOf } from './user.ts';

export type Runtime = 'node' | 'python' | 'java';

/** The runtime a program is, by the name of the file behind its links. */
export function runtimeOf(program: Extract<Program, { readonly ok: true }>): Runtime | undefined {
  if (program.interpreter) return undefined;
  const name = baseName(program.file.path);
  if (/^node(?:js)?$/.test(name)) return 'node';
  if (/^python\d*(?:\.\d+)?$/.test(name)) return 'python';
  return name === 'java' ? 'java' : undefined;
}

/** Options whose value is the next argument. */
const WITH_VALUE: Readonly<Record<Runtime, RegExp>> = {
  node: /^(?:-r|-C|--require|--import|--loader|--experimental-loader|--conditions|--title|--input-type|--env-file|--icu-data-dir|--openssl-config)$/,
  python: /^-[bBdEhiIOPqsSuvx]*[WX]$/,
  java: /^(?:-cp|-classpath|--class-path|-p|--module-path|--add-modules|--add-opens|--add-exports|--add-reads)$/,
};

/** Options after which there is no script: what to run is their value, or nothing runs. */
const WITHOUT_SCRIPT: Readonly<Record<Runtime, RegExp>> = {
  node: /^(?:-e|-p|-pe|-i|-v|-h|-c|--eval(?:=.*)?|--print(?:=.*)?|--interactive|--version|--help|--check|--run(?:=.*)?|--test)$/,
  python: /^(?:-[bBdEiIOPqsSuvx]*[cmVh].*|--version|--help)$/,
  java: /^(?:-m|--module(?:=.*)?|-version|--version|-\?|-h|-help|--help|--list-modules|-X)$/,
};

/** Why the script among a runtime's arguments cannot be run; undefined when it can or there is none. */
export async function scriptProblem(
  image: Image,
  runtime: Runtime,
  args: readonly string[],
): Promise<Words | undefined> {
  const script = scriptOf(runtime, args);
  if (script === undefined) return undefined;
  const tree = await image.files();
  const { workingDir } = factsOf(image);
  const path = rootedPath(script.startsWith('/') ? script : `${workingDir}/${script}`);
  const found = candidates(runtime, path).find((one) => fileIn(tree, one) !== undefined);
  if (found === undefined) return missing(runtime, script, missingAt(tree, path));
  const at = tree.resolve(found) ?? found;
  const entry = tree.get(at)?.entry;
  if (!entry?.content) throw new Error(`${found} was there`);
  if (await readElf(entry.content)) return already(runtime, script);
  const user = await userOf(image);
  if (!allowed(entry, user, 4)) {
    return words(
      `o usuário ${user.uid ?? user.name} não pode ler \`/${at}\``,
      `user ${user.uid ?? user.name} may not read \`/${at}\``,
    );
  }
  return closed(tree, at, user);
}

function scriptOf(runtime: Runtime, args: readonly string[]): string | undefined {
  let jar = runtime !== 'java';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (runtime === 'java' && arg === '-jar') jar = true;
    else if (arg === '-' || WITHOUT_SCRIPT[runtime].test(arg)) return undefined;
    else if (arg === '--') return args[at + 1];
    else if (WITH_VALUE[runtime].test(arg)) at += 1;
    // Without -jar Java wants a class, which may come from anywhere; a source file ends in .java.
    else if (!arg.startsWith('-')) return jar || arg.endsWith('.java') ? arg : undefined;
  }
  return undefined;
}

/** What a runtime takes for the path of a script. */
function candidates(runtime: Runtime, path: string): readonly string[] {
  if (runtime === 'python') return [path, joinPath(path, '__main__.py')];
  if (runtime === 'java') return [path];
  return [
    ...['', '.js', '.json', '.node', '/index.js', '/index.json', '/package.json'].map(
      (end) => `${path}${end}`,
    ),
  ];
}

/** The ENTRYPOINT starts the runtime already, and was given it once more. */
function already(runtime: Runtime, script: string): Words {
  return words(
    `o ENTRYPOINT já inicia ${NAMES[runtime]}, que recebe \`${script}\` como se fosse o script`,
    `the ENTRYPOINT starts ${NAMES[runtime]} already, which is given \`${script}\` as if it were the script`,
  );
}

function missing(runtime: Runtime, script: string, why: Words): Words {
  const said = /^(?:node|nodejs|npm|npx|python[\d.]*|java)$/.test(baseName(script))
    ? already(runtime, script)
    : /^\/bin\/\w*sh$/.test(script)
      ? words(
          `a forma shell vira argumentos do ENTRYPOINT: ${NAMES[runtime]} recebe \`${script}\` como se fosse o script`,
          `the shell form becomes arguments of the ENTRYPOINT: ${NAMES[runtime]} is given \`${script}\` as if it were the script`,
        )
      : words(
          `${NAMES[runtime]} recebe o script \`${script}\``,
          `${NAMES[runtime]} is given the script \`${script}\``,
        );
  return words(`${said['pt-BR']}; ${why['pt-BR']}`, `${said.en}; ${why.en}`);
}

const NAMES: Readonly<Record<Runtime, string>> = { node: 'Node', python: 'Python', java: 'Java' };
