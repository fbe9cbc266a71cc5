import type { Change, WorkbenchError } from '../port.ts';

/** Something that a learner should know and need not act on at once. */
export type Notice =
  | { readonly kind: 'lookup'; readonly names: readonly string[] }
  | { readonly kind: 'trouble'; readonly error: WorkbenchError }
  /** What was asked for is done. */
  | { readonly kind: 'done'; readonly text: string };

/** More names than these are not listed: the oldest go. */
const MOST_NAMES = 4;

/** A machine that asks for the same host a hundred times is told of once; so is the same trouble. */
export function withNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  switch (notice.kind) {
    case 'lookup': {
      const before = notices.find((one) => one.kind === 'lookup')?.names ?? [];
      const names = [...new Set([...before, ...notice.names])].slice(-MOST_NAMES);
      return [...notices.filter(({ kind }) => kind !== 'lookup'), { kind: 'lookup', names }];
    }
    case 'trouble': {
      const { code } = notice.error;
      const others = notices.filter((one) => one.kind !== 'trouble' || one.error.code !== code);
      return [...others, notice];
    }
    case 'done':
      return [...notices.filter(({ kind }) => kind !== 'done'), notice];
  }
}

/** The notice that a change is worth, if any. */
export function noticeOf(change: Change): Notice | undefined {
  switch (change.kind) {
    case 'lookup':
      // A name without a dot is a container's that is not there, or misspelt: no internet would have it.
      return change.name.includes('.') ? { kind: 'lookup', names: [change.name] } : undefined;
    case 'trouble':
      return { kind: 'trouble', error: change.error };
    case 'files':
    case 'happened':
    case 'images':
    case 'ports':
    case 'requests':
      return undefined;
  }
}
