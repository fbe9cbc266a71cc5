import { decodeName } from '../../engine/bytes.ts';

/** What keeper.c tells, in order, as far as it came. */
export type KeeperEvent =
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'started' }
  /** The program could not be executed: which step of entry.c, and the kernel's error number. */
  | { readonly kind: 'entry'; readonly stage: string; readonly errno: number }
  /** crun failed. */
  | { readonly kind: 'refused' }
  /** Why: `message` is the last error of its log. Comes with the end of the report. */
  | { readonly kind: 'crun'; readonly code: number; readonly message: string }
  /** `status` as wait(2) has it; `killed` for want of memory, in the whole container. */
  | { readonly kind: 'exit'; readonly status: number; readonly killed: number };

/** Reads the keeper's report as it comes. `end` gives what only its end completes. */
export function reportReader(tell: (event: KeeperEvent) => void): {
  push(bytes: Uint8Array): void;
  end(): void;
} {
  let text = '';
  let crun: { readonly code: number; readonly lines: string[] } | undefined;

  function line(words: string): void {
    if (crun) {
      crun.lines.push(words);
      return;
    }
    const [kind, first = '', second = ''] = words.split(' ');
    if (kind === 'pid') tell({ kind, pid: Number(first) });
    else if (kind === 'started') tell({ kind });
    else if (kind === 'entry') tell({ kind, stage: first, errno: Number(second) });
    else if (kind === 'exit') tell({ kind, status: Number(first), killed: Number(second) });
    else if (kind === 'crun') {
      crun = { code: Number(first), lines: [] };
      tell({ kind: 'refused' });
    } else throw new Error(`keeper said ${JSON.stringify(words)}`);
  }

  return {
    push(bytes) {
      text += decodeName(bytes);
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const words of lines) line(words);
    },
    end() {
      if (!crun) return;
      if (text !== '') crun.lines.push(text);
      tell({ kind: 'crun', code: crun.code, message: lastError(crun.lines) });
    },
  };
}

/** crun's log is a JSON document a line, an error the last of them. */
function lastError(lines: readonly string[]): string {
  for (const line of lines.toReversed()) {
    const entry = parsed(line);
    if (entry?.level === 'error') return entry.msg;
  }
  return lines.join('\n').trim() || 'crun failed without a word';
}

function parsed(line: string): { readonly level: unknown; readonly msg: string } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('msg' in value)) return undefined;
    return typeof value.msg === 'string'
      ? { level: 'level' in value ? value.level : undefined, msg: value.msg }
      : undefined;
  } catch {
    return undefined;
  }
}
