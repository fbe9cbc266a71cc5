import type { KeptFile } from './kept.ts';
import type { Storage } from './storage.ts';
import type { Workspace } from './workspace.ts';

/** After a change that is not waited for: several come together, and one look is enough for them. */
const SOON = 40;
/** How much longer than a save takes nothing is saved after it: a large file that grows is saved seldom. */
const REST = 4;

/** Keeps what changes in a workspace, and tells of it. */
export interface Keeper {
  /** From now on the files are this lab's; undefined: nobody's, and nothing is kept. */
  use(slug: string | undefined): void;
  /** Resolves when everything is kept. Rejects with `store-full`; it is tried again with the next change. */
  flush(): Promise<void>;
  /** Nothing is kept any more. */
  stop(): void;
}

export function keepWorkspace(
  workspace: Workspace,
  given: {
    readonly storage: Pick<Storage, 'save'>;
    /** Paths that were changed, by whomever. */
    readonly onChange: (paths: readonly string[]) => void;
    /** Told once, and again only after something could be kept. */
    readonly onTrouble: (error: unknown) => void;
  },
): Keeper {
  let slug: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rest = 0;
  let saving: Promise<void> = Promise.resolve();
  let unsaved: ReadonlyMap<string, KeptFile | undefined> = new Map();
  let troubled = false;
  let stopped = false;

  async function save(): Promise<void> {
    const changes = workspace.changes();
    if (changes.size > 0) given.onChange([...changes.keys()]);
    const batch = new Map([...unsaved, ...changes]);
    unsaved = new Map();
    if (batch.size === 0 || slug === undefined || stopped) return;
    const began = performance.now();
    try {
      await given.storage.save(slug, batch);
      troubled = false;
    } catch (error) {
      unsaved = new Map([...batch, ...unsaved]);
      if (!troubled) given.onTrouble(error);
      troubled = true;
      throw error;
    } finally {
      rest = (performance.now() - began) * REST;
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(save, save);
    return saving;
  }

  workspace.onTouch(() => {
    if (stopped) return;
    timer ??= setTimeout(() => {
      // Whoever waits for it hears of a failure; so does `onTrouble`.
      flush().catch(() => undefined);
    }, SOON + rest);
  });

  return {
    use(next) {
      slug = next;
      unsaved = new Map();
    },
    flush,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
