import type { Engine } from '../src/engine/engine.ts';
import { emptyTree } from '../src/engine/layer/file-tree.ts';
import { portablePlatform } from '../src/engine/portable.ts';
import { httpLayoutSource } from '../src/engine/store/http-layout.ts';
import { memoryStore } from '../src/engine/store/memory.ts';
import { fixed } from './fixed.ts';
import { memoryFiles } from './memory-files.ts';
import type { Message, Outcome } from './messages.ts';
import { runCommand } from './run-command.ts';
import { fromWire } from './wire-entry.ts';

// Of a worker's scope; the compiler knows Node's only.
declare function postMessage(data: unknown): void;
declare function addEventListener(
  type: 'message',
  listener: (event: { readonly data: { readonly id: number; readonly message: Message } }) => void,
): void;

const files = memoryFiles();
let engine: Engine | undefined;

addEventListener('message', ({ data: { id, message } }) => {
  answer(message).then(
    (value) => {
      postMessage({ id, value });
    },
    (error: unknown) => {
      postMessage({ id, error: error instanceof Error ? error.stack : String(error) });
    },
  );
});

async function answer(message: Message): Promise<Outcome | undefined> {
  if (message.kind === 'open') {
    const platform = portablePlatform(fixed());
    engine = {
      platform,
      store: memoryStore(platform),
      sources: [httpLayoutSource({ baseUrl: message.pantry, fetch, platform })],
      defaultPlatform: message.platform,
    };
    return undefined;
  }
  if (message.kind === 'folder') {
    files.putFolder(message.path, emptyTree.apply(message.entries.map(fromWire)));
    return undefined;
  }
  if (!engine) throw new Error('no engine was opened');
  return runCommand(engine, files, message.args, message.stdin);
}
