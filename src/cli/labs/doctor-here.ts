import { access, constants, stat, statfs } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, dirname } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { humanSize } from '../../engine/format/size.ts';
import { V86_VERSION } from '../../machine/emulator/options.ts';
import { readMachine, readSnapshot } from '../../pantry/machine/record.ts';
import { pantrySource } from '../../pantry/source.ts';
import { verbatim, words, type Words } from '../../verify/words.ts';
import { cacheFolder, engineHome, pantryFolder } from '../engine-home.ts';
import type { Finding } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `doctor` says of this installation: Node, the built-in engine's machine, the pantry, where things are kept. */
export async function ownFindings(env: Environment): Promise<readonly Finding[]> {
  return [
    ok('node', verbatim('Node'), verbatim(`${process.version}, ${platform()}/${arch()}`)),
    ...(await machineFindings(cacheFolder(env))),
    await pantryFinding(pantryFolder(env)),
    await homeFinding(engineHome(env)),
  ];
}

function ok(id: string, name: Words, value: Words): Finding {
  return { id, name, value, status: 'ok' };
}

function missing(id: string, name: Words, value: Words, repair: Words): Finding {
  return { id, name, value, status: 'missing', repair };
}

async function machineFindings(cacheDir: string): Promise<readonly Finding[]> {
  const made = await readMachine(cacheDir);
  if (!made) {
    const repair = words('Faça com `npm start`.', 'Make it with `npm start`.');
    const value = words('ainda não foi feita', 'not made yet');
    return [missing('machine', words('Máquina', 'Machine'), value, repair)];
  }
  const { kernel, snapshot, size, memory, v86 } = made;
  const origin =
    kernel.kind === 'source'
      ? words('compilado do código do Debian', 'built from Debian’s source')
      : words('o do Debian', 'Debian’s own');
  const damage = await readSnapshot(made).then(
    () => undefined,
    (error: unknown) => (error instanceof EngineError ? error : undefined),
  );
  const again = words('Faça de novo com `npm start`.', 'Make it again with `npm start`.');
  const saved = verbatim(`${basename(snapshot)}, ${humanSize(size)}`);
  const linux = (from: string): string => `Linux ${kernel.release}, ${from} (${kernel.version})`;
  const emulator = verbatim(`v86 ${V86_VERSION}`);
  return [
    ok('kernel', verbatim('Kernel'), words(linux(origin['pt-BR']), linux(origin.en))),
    damage
      ? missing(
          'snapshot',
          verbatim('Snapshot'),
          words(`${saved.en}: estragado`, damage.message),
          again,
        )
      : ok('snapshot', verbatim('Snapshot'), saved),
    ok('memory', words('Memória', 'Memory'), verbatim(humanSize(memory))),
    v86 === V86_VERSION
      ? ok('emulator', words('Emulador', 'Emulator'), emulator)
      : missing(
          ...(['emulator', words('Emulador', 'Emulator')] as const),
          words(
            `${emulator.en}; o snapshot é do v86 ${v86}`,
            `${emulator.en}; the snapshot is for v86 ${v86}`,
          ),
          again,
        ),
  ];
}

async function pantryFinding(directory: string): Promise<Finding> {
  const images = await pantrySource(directory).list();
  const name = words('Despensa', 'Pantry');
  const value = words(
    `${images.length} imagens em ${directory}`,
    `${images.length} images in ${directory}`,
  );
  if (images.length > 0) return ok('pantry', name, value);
  const repair = words(
    'Monte com `npm start`, ou `semdistro pantry build`.',
    'Build it with `npm start`, or `semdistro pantry build`.',
  );
  return missing('pantry', name, value, repair);
}

async function homeFinding(home: string): Promise<Finding> {
  const name = words('Pasta', 'Home');
  const lacks = (what: Words, repair: Words): Finding =>
    missing(
      ...(['home', name] as const),
      words(`${home}: ${what['pt-BR']}`, `${home}: ${what.en}`),
      words(
        `${repair['pt-BR']}, ou escolha outra em SEMDISTRO_HOME.`,
        `${repair.en}, or name another one in SEMDISTRO_HOME.`,
      ),
    );
  // It is made by the first command that keeps something: until then what it would be made in counts.
  for (let at = home; ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (!found && dirname(at) !== at) continue;
    if (found?.isDirectory() !== true) {
      const what = words('há um arquivo no lugar dela', 'a file is in its way');
      return lacks(what, words(`Tire ${at} de lá`, `Move ${at} away`));
    }
    // To root everything looks writable, /sys too: a file system without any room is none to keep in.
    const { bavail, bsize } = await statfs(at);
    const mayWrite = await access(at, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!mayWrite) {
      return lacks(
        words('sem permissão', 'permission denied'),
        words(`Dê ${at} ao seu usuário`, `Make ${at} writable for you`),
      );
    }
    const room = humanSize(bsize * bavail);
    if (bavail > 0)
      return ok('home', name, words(`${home}, ${room} livres`, `${home}, ${room} free`));
    return lacks(
      words('não há espaço', 'no space left'),
      words('Libere espaço lá', 'Free some space there'),
    );
  }
}
