import type { MachineMessage } from './machine-messages.ts';

// The page around the machine's worker: `ask(message)` resolves with the worker's answer.

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

// Of a page's scope; the compiler knows Node's only.
declare class Worker {
  constructor(url: string, options: { readonly type: 'module' });
  postMessage(data: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Answer }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
}

const worker = new Worker('/machine-worker.js', { type: 'module' });
const asked: PromiseWithResolvers<unknown>[] = [];

worker.addEventListener('message', ({ data: { id, value, error } }) => {
  if (error === undefined) asked[id]?.resolve(value);
  else asked[id]?.reject(new Error(error));
});
worker.addEventListener('error', ({ message = 'the worker does not load' }) => {
  for (const { reject } of asked) reject(new Error(message));
});

Reflect.set(globalThis, 'ask', (message: MachineMessage): Promise<unknown> => {
  const answer = Promise.withResolvers<unknown>();
  const id = asked.push(answer) - 1;
  worker.postMessage({ id, message });
  return answer.promise;
});
