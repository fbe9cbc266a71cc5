import { basename } from 'node:path';
import { cwd, env, stdin, stdout } from 'node:process';
import { once } from '../../engine/bytes.ts';
import type { Machine } from '../../machine/machine.ts';
import { GUEST_ENV } from '../../shell/environment.ts';
import { answerDocker } from '../../shell/answer-docker.ts';
import { openLocalEngine } from '../local-engine.ts';
import type { Output } from '../output.ts';
import { parseShellArguments, type ShellRequest } from './arguments.ts';
import { hostShared } from './host-shared.ts';
import { attachStreams, attachTerminal } from './streams.ts';

export const shHelp = `Usage:  semdistro sh [--dir DIR] [-c SCRIPT | SCRIPT-FILE] [ARGUMENTS]

A shell in a small Linux of its own, where \`docker\` builds and runs containers.
DIR, by default the folder you are in, is at /workspace: what either side
changes there, the other sees at once. Nothing else of this computer is.

Options:
      --dir DIR     The folder to work in
  -c SCRIPT         Run SCRIPT instead of asking for commands

Images, containers and volumes are kept in $SEMDISTRO_HOME; containers that
run are stopped when the shell ends. The exit code is the shell's.

Examples:
  semdistro sh
  semdistro sh -c 'docker build -t app . && docker run --rm app'
  semdistro sh --dir labs/first check.sh
`;

/** `semdistro sh`. */
export async function sh(args: readonly string[], output: Output): Promise<number> {
  const request = parseShellArguments(args, cwd());
  if (request === 'help') {
    output.stdout.write(shHelp);
    return 0;
  }
  const local = await openLocalEngine(request.directory, (line) => {
    output.stderr.write(`semdistro: ${line}\n`);
  });
  const { machine } = local;
  answerDocker({ ...local, folder: hostShared(local.folder) });
  try {
    return await runShell(machine, request);
  } finally {
    await local.close();
    // Otherwise a terminal that was read from keeps the process waiting for more.
    stdin.destroy();
  }
}

async function runShell(machine: Machine, request: ShellRequest): Promise<number> {
  const { script, rest } = request;
  const environment = [...GUEST_ENV, `TERM=${env['TERM'] ?? 'xterm'}`];
  const spawn = { env: environment, cwd: '/workspace' };
  if (script.kind === 'text') {
    return attachStreams(machine, { ...spawn, argv: ['/bin/bash', '-c', script.text, ...rest] });
  }
  if (script.kind === 'file') {
    const path = script.inside ?? (await copyScript(machine, script));
    return attachStreams(machine, { ...spawn, argv: ['/bin/bash', path, ...rest] });
  }
  const argv = ['/bin/bash', ...rest];
  if (stdin.isTTY && stdout.isTTY) return attachTerminal(machine, { ...spawn, argv });
  return attachStreams(machine, { ...spawn, argv });
}

/** For one that is not in the workspace, which is all that the guest sees of the host. */
async function copyScript(
  machine: Machine,
  { name, content }: { readonly name: string; readonly content: Uint8Array },
): Promise<string> {
  const path = `/run/semdistro/scripts/${basename(name)}`;
  const write = 'mkdir -p /run/semdistro/scripts && cat >"$1"';
  const copied = await machine.shell(
    { argv: ['/bin/sh', '-c', write, 'sh', path], env: GUEST_ENV, cwd: '/' },
    { stdin: once(content), output: () => undefined },
  );
  const code = await copied.exit;
  if (code !== 0) throw new Error(`the script could not be copied: ${code}`);
  return path;
}
