import { file } from './entries.ts';
import type { FakeContext } from './fake-machine.ts';

const SIGNALS: Readonly<Record<string, number>> = { INT: 2, KILL: 9, USR1: 10, TERM: 15 };

/**
 * Enough of a shell for tests: commands behind `;`, which are `echo WORDS [>&2]`, `exit N`, `sleep N`,
 * `sleep N & wait`, `trap "exit N" SIGNAL`, `trap "" SIGNAL`, `kill -9 $$`, `write PATH TEXT`, `cat`.
 * As in a real one a trap waits for the end of what runs, but for `wait`.
 */
export async function runScript(context: FakeContext, script: string): Promise<number> {
  const state: ShellState = {};
  for (const step of script.match(/(?:"[^"]*"|[^;])+/g) ?? []) {
    const code = await runStep(context, step.trim(), state);
    if (state.trapped !== undefined) return state.trapped;
    if (code !== undefined) return code;
  }
  return 0;
}

interface ShellState {
  /** The exit code that a trap chose. */
  trapped?: number;
}

async function runStep(
  { out, err, sleep, trap, die, input, container }: FakeContext,
  step: string,
  state: ShellState,
): Promise<number | undefined> {
  const [command, ...words] = step.split(/\s+/);
  switch (command) {
    case 'echo':
      if (words.at(-1) === '>&2') await err(`${words.slice(0, -1).join(' ')}\n`);
      else await out(`${words.join(' ')}\n`);
      return undefined;
    case 'exit':
      return Number(words[0]);
    case 'sleep':
      await sleep(Number(words[0]), { wakes: words.includes('wait') });
      return undefined;
    case 'trap': {
      const [, action = '', name = ''] = /^trap "([^"]*)" (\w+)$/.exec(step) ?? [];
      const code = /^exit (\d+)$/.exec(action)?.[1];
      trap(SIGNALS[name] ?? 0, () => {
        if (code !== undefined) state.trapped = Number(code);
      });
      return undefined;
    }
    case 'kill':
      die(9);
      return undefined;
    case 'cat':
      await out(await input());
      return undefined;
    case 'write': {
      const [path = '', text = ''] = words;
      await container.root.apply([file(path.slice(1), `${text}\n`, { mtime: 1 })]);
      return undefined;
    }
    default:
      await err(`sh: ${command ?? ''}: not found\n`);
      return 127;
  }
}
