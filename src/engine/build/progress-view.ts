import type { Flags } from '../docker/command.ts';
import type { Session } from '../docker/session.ts';
import { EngineError } from '../errors.ts';
import type { BuildEvent } from './progress.ts';
import type { ProgressState } from './progress-state.ts';
import { plainRenderer } from './render-plain.ts';
import { ttyRenderer } from './render-tty.ts';

export interface ProgressView {
  readonly isQuiet: boolean;
  readonly on: (event: BuildEvent) => void;
  /** The build is over: nothing is drawn after it. */
  readonly end: () => void;
  /** How many of the last lines of output a failure repeats: as in BuildKit, 10 where all were shown already. */
  readonly linesOnFailure: number;
}

const AFTER_PLAIN = 10;

/** Progress on standard error, as `--progress`, BUILDKIT_PROGRESS and the terminal ask for. Errors: `progress-invalid`. */
export function progressView(session: Session, flags: Flags, state: ProgressState): ProgressView {
  const { stderr, engine, env } = session;
  const kind = wanted(session, flags);
  if (kind === 'quiet') {
    return {
      isQuiet: true,
      on: (event) => {
        state.apply(event);
      },
      end: () => undefined,
      linesOnFailure: Infinity,
    };
  }
  const write = (text: string): void => {
    stderr.write(text);
  };
  if (kind === 'plain') {
    const on = plainRenderer(write, state);
    return { isQuiet: false, on, end: () => undefined, linesOnFailure: AFTER_PLAIN };
  }
  const began = engine.platform.now();
  const terminal = {
    write,
    columns: stderr.columns ?? 80,
    color: (env['NO_COLOR'] ?? '') === '',
    now: () => engine.platform.now() - began,
  };
  const { on, end } = ttyRenderer(terminal, state);
  return { isQuiet: false, on, end, linesOnFailure: Infinity };
}

function wanted({ stderr, env }: Session, flags: Flags): 'quiet' | 'plain' | 'tty' {
  if (flags.bool('quiet')) return 'quiet';
  const asked = flags.given('progress') ? flags.string('progress') : env['BUILDKIT_PROGRESS'];
  switch (asked ?? '') {
    case '':
    case 'auto':
      return stderr.columns === undefined ? 'plain' : 'tty';
    case 'plain':
      return 'plain';
    case 'tty':
      return 'tty';
    case 'quiet':
      return 'quiet';
    default:
      throw new EngineError('progress-invalid', `invalid progress mode ${asked ?? ''}`, {
        hint: 'Modes are auto, plain, tty and quiet.',
      });
  }
}
