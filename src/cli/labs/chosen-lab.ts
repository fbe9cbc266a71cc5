import { EngineError } from '../../engine/errors.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Call } from './command.ts';
import { ENGINE_WISHES, type EngineWish } from './desk.ts';
import type { FoundLab } from './find.ts';
import { labAsked, labFolder, type LabFolder } from './lab-folder.ts';
import { meantBy, misuse } from './trouble.ts';
import type { LabCommandName } from './words/words.ts';

/** What a command's LAB, `--dir` and working directory come to. Throws `misuse`. */
export async function folderOf(call: Call, command: LabCommandName): Promise<LabFolder> {
  return labFolder(await askedBy(call, command));
}

/** The same where only the lab matters. */
export async function labOf(call: Call, command: LabCommandName): Promise<FoundLab> {
  return labAsked(await askedBy(call, command));
}

/** The same for a command that can do without a folder. */
export async function folderIfAny(
  call: Call,
  command: LabCommandName,
): Promise<LabFolder | undefined> {
  try {
    return await folderOf(call, command);
  } catch (error) {
    const missing = error instanceof EngineError && ['no-folder', 'other-lab'].includes(error.code);
    if (missing && call.args.text('dir') === undefined) return undefined;
    throw error;
  }
}

async function askedBy({ args, desk, words }: Call, command: LabCommandName) {
  const [slug] = args.positionals;
  const { cwd, home } = desk;
  return { command, slug, dir: args.text('dir'), cwd, home, labs: await desk.labs(), words };
}

/** What `--engine` says. Throws `misuse`. */
export function engineAsked({ args, words }: Call): EngineWish {
  const asked = args.text('engine') ?? 'auto';
  const wish = ENGINE_WISHES.find((one) => one === asked);
  if (wish) return wish;
  throw misuse('bad-engine', words.trouble.badEngine(asked, meantBy(asked, ENGINE_WISHES)));
}

/** What `--only` says; undefined for all checks. Throws `misuse`. */
export function checksAsked(call: Call, lab: Lab): readonly string[] | undefined {
  const asked = checksNamed(call, lab, 'only');
  return asked.length === 0 ? undefined : asked;
}

/** The steps of a live lab that `--skip` names. Throws `misuse`. */
export const skipsAsked = (call: Call, lab: Lab): readonly string[] =>
  checksNamed(call, lab, 'skip');

function checksNamed({ args, words }: Call, lab: Lab, option: string): readonly string[] {
  const asked = args
    .texts(option)
    .flatMap((one) => one.split(','))
    .filter(Boolean);
  const ids = lab.verifier.checks.map(({ id }) => id);
  for (const id of asked) {
    if (ids.includes(id)) continue;
    throw misuse('unknown-check', words.trouble.unknownCheck(id, meantBy(id, ids), ids));
  }
  return asked;
}
