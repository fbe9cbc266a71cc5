import { spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat } from '../../engine/bytes.ts';
import type { Engine as OwnEngine } from '../../engine/engine.ts';
import type { Machine } from '../../machine/machine.ts';
import { answerDocker } from '../../shell/answer-docker.ts';
import { GUEST_ENV } from '../../shell/environment.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import { words } from '../../verify/words.ts';
import { hostShared } from '../sh/host-shared.ts';
import { type Actor, clearing, type Shell } from './actor.ts';
import { readWhole, writeFolder } from './folder.ts';

/** A folder that somebody acts in; `close` removes it. */
export interface Stage {
  readonly folder: string;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  // No link in its path: an engine is given it as it is.
  const root = await realpath(await mkdtemp(join(tmpdir(), 'semdistro-proof-')));
  return {
    folder: root,
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** At a shell of this computer, with the `docker` that is on its PATH. */
export function hostActor(stage: Stage, env: Readonly<Record<string, string | undefined>>): Actor {
  return actorWith(
    stage,
    ({ args, signal }) =>
      new Promise((resolve, reject) => {
        const child = spawn('sh', args, { cwd: stage.folder, env: { ...env }, signal });
        const chunks: Buffer[] = [];
        child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
        child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
        child.on('error', (error) => {
          reject(signal.aborted ? interrupted() : error);
        });
        child.on('close', (code) => {
          resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() });
        });
        child.stdin.end();
      }),
  );
}

/** At the shell of the built-in engine's machine, which has the stage at /workspace. */
export function guestActor(
  stage: Stage,
  { own, machine }: { readonly own: OwnEngine; readonly machine: Machine },
): Actor {
  answerDocker({ engine: own, machine, folder: hostShared(stage.folder) });
  return actorWith(stage, async ({ args, signal }) => {
    const chunks: Uint8Array[] = [];
    const shell = await machine.shell(
      { argv: ['/bin/bash', ...args], env: GUEST_ENV, cwd: '/workspace' },
      {
        // Copied: what it is given is used again.
        output: (_, bytes) => void chunks.push(bytes.slice()),
      },
    );
    const stop = (): void => {
      shell.kill(9);
    };
    signal.addEventListener('abort', stop, { once: true });
    const code = await shell.exit;
    signal.removeEventListener('abort', stop);
    if (signal.aborted) throw interrupted();
    return { code, output: new TextDecoder().decode(concat(chunks)) };
  });
}

function actorWith({ folder: path }: Stage, shell: Shell): Actor {
  return {
    async act(folder, script, signal) {
      for (const old of (await readWhole(path)).keys()) await rm(join(path, old));
      await writeFolder(path, folder);
      const ended = await shell({ args: ['-e', script], signal });
      return { ...ended, folder: await readWhole(path) };
    },
    async clear(names, signal) {
      const script = clearing(names);
      if (script !== '') await shell({ args: ['-c', script], signal });
    },
  };
}

function interrupted(): EngineTrouble {
  return new EngineTrouble('interrupted', words('foi interrompido', 'it was interrupted'));
}
