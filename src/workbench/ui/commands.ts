/** Commands that wait for a terminal, in the order in which they were asked for. */
export interface Commands {
  readonly run: (command: string) => void;
  /** There is a terminal. */
  ready(): void;
  /** There is none, until it is ready again. */
  wait(): void;
}

/** `type` puts one into the terminal, and resolves when it was typed. */
export function commandsOf(type: (command: string) => Promise<unknown>): Commands {
  const waiting: string[] = [];
  let isReady = false;
  let typing = false;

  async function next(): Promise<void> {
    if (typing) return;
    typing = true;
    while (isReady && waiting.length > 0) {
      const command = waiting.shift();
      if (command !== undefined) await type(command);
    }
    typing = false;
  }
  return {
    run(command) {
      waiting.push(command);
      void next();
    },
    ready() {
      isReady = true;
      void next();
    },
    wait() {
      isReady = false;
    },
  };
}

/** The command of a `semdistro:run` event; undefined when it has none. */
export function commandIn(event: Event): string | undefined {
  const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
  if (typeof detail !== 'object' || detail === null || !('command' in detail)) return undefined;
  return typeof detail.command === 'string' ? detail.command : undefined;
}
