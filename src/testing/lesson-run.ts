import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, openEngine } from '../cli/engine-home.ts';
import { nodeMachine } from '../cli/machine.ts';
import { hostShared } from '../cli/sh/host-shared.ts';
import { workspaceFolder } from '../cli/workspace/folder.ts';
import type { Command } from '../curriculum/commands.ts';
import { concat } from '../engine/bytes.ts';
import { stopAllContainers } from '../engine/containers/shutdown.ts';
import type { Engine } from '../engine/engine.ts';
import { answerDocker } from '../shell/answer-docker.ts';
import { GUEST_ENV } from '../shell/environment.ts';
import type { Folder } from '../verify/folder.ts';

/** What a command of a lesson came to. */
export interface CommandRun {
  readonly command: Command;
  /** Undefined for one that the shell did not reach. */
  readonly exit: number | undefined;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/**
 * Runs commands in their order in one shell of a machine of its own, in a copy of `files`, with an empty
 * store: as somebody does who opens the lesson for the first time. `signal` ends it early.
 */
export async function runCommands(
  commands: readonly Command[],
  files: Folder,
  signal: AbortSignal,
): Promise<readonly CommandRun[]> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'semdistro-lesson-')));
  const folder = join(root, 'workspace');
  await writeAll(folder, files);
  const kept = await openEngine({ home: join(root, 'home') });
  const machine = nodeMachine({
    ...{ cacheDir: cacheFolder(process.env), sources: kept },
    workspace: workspaceFolder(folder),
    onTrouble: (line) => process.stderr.write(`machine: ${line}\n`),
  });
  const engine: Engine = { ...kept, processHost: machine.host };
  answerDocker({ engine, machine, folder: hostShared(folder) });
  try {
    const mark = `-- ${crypto.randomUUID()} --`;
    const chunks: Uint8Array[] = [];
    const shell = await machine.shell(
      { argv: ['/bin/bash', '-c', scriptOf(commands, mark)], env: GUEST_ENV, cwd: '/workspace' },
      {
        // Copied: what it is given is used again.
        output: (_, bytes) => void chunks.push(bytes.slice()),
      },
    );
    const stop = (): void => {
      shell.kill(9);
    };
    signal.addEventListener('abort', stop, { once: true });
    await shell.exit;
    signal.removeEventListener('abort', stop);
    return runsOf(commands, new TextDecoder().decode(concat(chunks)), mark);
  } finally {
    await stopAllContainers(engine);
    await machine.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** The commands as they are, and after each a line with its exit code; one stream, so that nothing overtakes it. */
export function scriptOf(commands: readonly Command[], mark: string): string {
  const marked = commands.map(({ script }) => `${script}\nprintf '\\n%s %d\\n' '${mark}' $?\n`);
  return `exec 2>&1\n${marked.join('')}`;
}

/** What each printed, out of what the shell printed. */
export function runsOf(
  commands: readonly Command[],
  output: string,
  mark: string,
): readonly CommandRun[] {
  const runs: CommandRun[] = [];
  let rest = output;
  for (const command of commands) {
    const at = rest.indexOf(`\n${mark} `);
    const exit = at < 0 ? undefined : parseInt(rest.slice(at + mark.length + 2), 10);
    runs.push({ command, exit, output: at < 0 ? rest : rest.slice(0, at) });
    rest = at < 0 ? '' : rest.slice(rest.indexOf('\n', at + 1) + 1);
  }
  return runs;
}

async function writeAll(folder: string, files: Folder): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, { bytes, executable }] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes, { mode: executable ? 0o755 : 0o644 });
  }
}
