import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { words, type Words } from '../words.ts';
import { factsOf } from './facts.ts';
import { userOf } from './user.ts';

/**
 * The container's process is not root: a number but 0, or a name that etc/passwd of the image gives
 * such a number. With `numeric`, only a number passes, as Kubernetes' `runAsNonRoot` wants it.
 */
export async function nonroot(
  image: Image,
  options: { readonly numeric?: boolean } = {},
): Promise<Verdict> {
  const { name, uid } = await userOf(image);
  const found = described(name, uid);
  const expected = options.numeric
    ? words('`USER` com um número que não é 0', '`USER` with a number that is not 0')
    : words('um usuário que não é root', 'a user that is not root');
  const right = uid !== undefined && uid !== 0 && (!options.numeric || /^\d+$/.test(name));
  return right ? pass(found) : fail({ expected, found, where: { instruction: 'USER' } });
}

/** The user is `uid`, by number or by a name of the image's etc/passwd. */
export async function userIs(image: Image, uid: number): Promise<Verdict> {
  const user = await userOf(image);
  const found = described(user.name, user.uid);
  if (user.uid === uid) return pass(found);
  const expected = words(`usuário \`${uid}\``, `user \`${uid}\``);
  return fail({ expected, found, where: { instruction: 'USER' } });
}

function described(name: string, uid: number | undefined): Words {
  if (name === '') {
    return words('sem `USER`: o processo é root (0)', 'no `USER`: the process is root (0)');
  }
  if (uid === undefined) {
    return words(
      `\`USER ${name}\`, que o \`/etc/passwd\` da imagem não tem`,
      `\`USER ${name}\`, which the image's \`/etc/passwd\` does not have`,
    );
  }
  const text = name === `${uid}` ? `\`USER ${name}\`` : `\`USER ${name}\` (${uid})`;
  return words(text, text);
}

/** ENTRYPOINT is exactly this, in exec form; `[]` for none. Prefer `argvResolves` where several are right. */
export function entrypointIs(image: Image, entrypoint: readonly string[]): Verdict {
  return same('ENTRYPOINT', entrypoint, factsOf(image).entrypoint);
}

/** CMD is exactly this; `[]` for none. */
export function cmdIs(image: Image, cmd: readonly string[]): Verdict {
  return same('CMD', cmd, factsOf(image).cmd);
}

function same(what: string, wanted: readonly string[], found: readonly string[]): Verdict {
  const said = (list: readonly string[]): Words =>
    list.length === 0
      ? words(`sem \`${what}\``, `no \`${what}\``)
      : words(`\`${what} ${JSON.stringify(list)}\``, `\`${what} ${JSON.stringify(list)}\``);
  const equal = wanted.length === found.length && wanted.every((one, i) => one === found[i]);
  if (equal) return pass(said(found));
  return fail({ expected: said(wanted), found: said(found), where: { instruction: what } });
}

/** The variable is there, with this value when one is given. */
export function envIs(image: Image, name: string, value?: string): Verdict {
  const found = factsOf(image).env.get(name);
  const said = found === undefined ? without(name) : pair(name, found);
  if (found !== undefined && (value === undefined || found === value)) return pass(said);
  const expected =
    value === undefined
      ? words(`a variável \`${name}\` na imagem`, `the variable \`${name}\` in the image`)
      : pair(name, value);
  return fail({ expected, found: said, where: { instruction: 'ENV' } });
}

/** No variable of this name is baked into the image. */
export function envAbsent(image: Image, name: string): Verdict {
  const found = factsOf(image).env.get(name);
  return found === undefined
    ? pass(without(name))
    : fail({
        expected: without(name),
        found: pair(name, found),
        where: { instruction: 'ENV' },
      });
}

const pair = (name: string, value: string): Words =>
  words(`\`ENV ${name}=${value}\``, `\`ENV ${name}=${value}\``);

const without = (name: string): Words =>
  words(`nenhum \`ENV ${name}\` na imagem`, `no \`ENV ${name}\` in the image`);

export function workingDirIs(image: Image, path: string): Verdict {
  const found = factsOf(image).workingDir;
  const said = (dir: string): Words => words(`\`WORKDIR ${dir}\``, `\`WORKDIR ${dir}\``);
  const clean = (dir: string): string => dir.replace(/\/+$/, '');
  return clean(found) === clean(path)
    ? pass(said(found))
    : fail({ expected: said(path), found: said(found), where: { instruction: 'WORKDIR' } });
}

/** STOPSIGNAL by name or number: `SIGINT`, `INT` and `2` are the same. */
export function stopSignalIs(image: Image, signal: string): Verdict {
  const found = factsOf(image).stopSignal;
  const said = (text: string): Words => words(`\`STOPSIGNAL ${text}\``, `\`STOPSIGNAL ${text}\``);
  if (signalNumber(found) === signalNumber(signal)) return pass(said(signal));
  const none = words('sem `STOPSIGNAL`: SIGTERM', 'no `STOPSIGNAL`: SIGTERM');
  return fail({
    expected: said(signal),
    found: found === '' ? none : said(found),
    where: { instruction: 'STOPSIGNAL' },
  });
}

/** Those that have one number on every Linux that there are images for. */
const SIGNALS: Readonly<Record<string, string>> = {
  ...{ HUP: '1', INT: '2', QUIT: '3', ABRT: '6', KILL: '9', TERM: '15' },
  ...{ USR1: '10', USR2: '12', WINCH: '28' },
};

function signalNumber(signal: string): string {
  const name = signal.toUpperCase().replace(/^SIG/, '');
  return SIGNALS[name === '' ? 'TERM' : name] ?? name;
}
