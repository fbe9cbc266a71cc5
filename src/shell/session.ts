import { utf8 } from '../engine/bytes.ts';
import type {
  Session,
  SessionSignals,
  SessionTerminal,
  Sink,
  Workspace,
} from '../engine/docker/session.ts';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import type { GuestCommand } from '../machine/channel/port.ts';
import type { Machine } from '../machine/machine.ts';
import type { SharedFolder } from './folder.ts';
import { guestFiles } from './guest-files.ts';
import { parseYaml } from './yaml.ts';
import { absoluteIn, placeOf, WORKSPACE } from './paths.ts';

/** Who answers `docker` in a guest. */
export interface GuestSide {
  readonly engine: Engine;
  readonly machine: Machine;
  /** What is at /workspace. */
  readonly folder: SharedFolder;
}

/** `docker …` typed in the guest, as a session of the engine. */
export function guestSession(command: GuestCommand, where: GuestSide): Session {
  const { engine, machine, folder } = where;
  const interrupt = new AbortController();
  const size = { current: command.size ?? { columns: 80, rows: 24 } };
  const terminal = sessionTerminal(command, size);
  const [stdinIsTerminal, stdoutIsTerminal, stderrIsTerminal] = command.terminals;
  command.closed.addEventListener('abort', () => {
    interrupt.abort();
  });
  return {
    engine,
    stdin: command.stdin,
    stdinIsTerminal,
    stdout: sink(command, 1, () => (stdoutIsTerminal ? size.current.columns : undefined)),
    stderr: sink(command, 2, () => (stderrIsTerminal ? size.current.columns : undefined)),
    files: guestFiles(machine, folder, command.cwd, interrupt.signal),
    env: command.env,
    signal: interrupt.signal,
    ...((stdinIsTerminal || stdoutIsTerminal) && { terminal }),
    signals: sessionSignals(command, interrupt),
    workspace: workspaceAt(folder, command.cwd),
    parseYaml,
  };
}

function sink(command: GuestCommand, stream: 1 | 2, columns: () => number | undefined): Sink {
  let written = Promise.resolve();
  return {
    write(data) {
      // Copied: a producer may use its buffer again before the guest has taken it.
      const bytes = typeof data === 'string' ? utf8(data) : data.slice();
      written = written.then(() => command.write(stream, bytes));
    },
    drain: () => written,
    get columns() {
      return columns();
    },
  };
}

function sessionTerminal(
  command: GuestCommand,
  size: { current: { readonly columns: number; readonly rows: number } },
): SessionTerminal {
  const listeners = new Set<() => void>();
  command.onResize((columns, rows) => {
    size.current = { columns, rows };
    for (const listener of [...listeners]) listener();
  });
  return {
    size: () => size.current,
    onResize(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setRaw(raw) {
      // A client that is gone has no terminal.
      command.setRaw(raw).catch(() => undefined);
    },
  };
}

function sessionSignals(command: GuestCommand, interrupt: AbortController): SessionSignals {
  const listeners = new Set<(signal: number) => void>();
  command.onSignal((signal) => {
    if (listeners.size === 0) interrupt.abort();
    for (const listener of [...listeners]) listener(signal);
  });
  return {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The workspace, with paths as the guest has them. */
function workspaceAt(folder: SharedFolder, cwd: string): Workspace {
  return {
    locate(path) {
      const place = placeOf(folder, absoluteIn(cwd, path));
      if (place.kind === 'guest') return undefined;
      const { source } = place;
      return { source, absolute: source === '' ? WORKSPACE : `${WORKSPACE}/${source}` };
    },
    async kind(source) {
      const place = placeOf(folder, absoluteIn(WORKSPACE, source));
      return place.kind === 'guest' ? 'none' : folder.kind(place.source);
    },
    async makeDirectory(source) {
      const place = placeOf(folder, absoluteIn(WORKSPACE, source));
      if (place.kind === 'guest') {
        throw new EngineError('outside-workspace', `${source} leads out of the workspace`);
      }
      await folder.makeDirectory(place.source);
    },
  };
}
