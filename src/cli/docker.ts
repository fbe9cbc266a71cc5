import { cwd, env, stderr, stdin, stdout } from 'node:process';
import { docker } from '../engine/docker/main.ts';
import type { Session, Sink } from '../engine/docker/session.ts';
import { EngineError } from '../engine/errors.ts';
import { parseYaml } from '../shell/yaml.ts';
import { hostFiles } from './host-files.ts';
import { localZone } from './local-zone.ts';
import { type LocalEngine, openLocalEngine } from './local-engine.ts';
import { processSignals, processTerminal } from './process-session.ts';
import { hostWorkspace } from './workspace/host-workspace.ts';

/** `semdistro docker ARGS…` in this process: its terminal, its files, its Ctrl-C. Resolves to the exit code. */
export async function runDocker(args: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const signals = processSignals();
  const stop = (): void => {
    // A container that is attached to gets it.
    if (signals.heard()) return;
    // A second Ctrl-C ends the process at once, as without us.
    process.off('SIGINT', stop);
    interrupt.abort();
  };
  process.on('SIGINT', stop);
  let local: LocalEngine | undefined;
  try {
    local = await openLocalEngine(cwd(), (line) => void stderr.write(`semdistro: ${line}\n`));
    const terminal = processTerminal();
    const session: Session = {
      engine: local.engine,
      stdin,
      stdinIsTerminal: stdin.isTTY,
      stdout: streamSink(stdout),
      stderr: streamSink(stderr),
      files: hostFiles(cwd(), interrupt.signal),
      env: definedEnv(),
      signal: interrupt.signal,
      // The machine is part of this process.
      endsEngine: true,
      ...(terminal && { terminal }),
      signals,
      workspace: hostWorkspace(local.folder, local.folder),
      parseYaml,
      zone: localZone(),
    };
    return await docker(args, session);
  } catch (error) {
    // From opening the engine; docker() prints its own.
    if (!(error instanceof EngineError)) throw error;
    stderr.write(`semdistro: ${error.message}\n`);
    if (error.hint !== undefined) stderr.write(`${error.hint}\n`);
    return error.exitCode;
  } finally {
    process.off('SIGINT', stop);
    await local?.close();
    // Otherwise a terminal that was read from keeps the process waiting for more.
    stdin.destroy();
  }
}

/** A Node stream as a sink. `drain` waits only while the stream asks for it. */
export function streamSink(stream: NodeJS.WriteStream): Sink {
  return {
    write: (data) => void stream.write(data),
    drain: () =>
      stream.writableNeedDrain && !stream.destroyed
        ? new Promise((resolve) => {
            const done = (): void => {
              stream.off('drain', done);
              stream.off('close', done);
              resolve();
            };
            stream.on('drain', done);
            stream.on('close', done);
          })
        : Promise.resolve(),
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
