import { expect, test } from 'vitest';
import { withoutWorker } from './without-worker.ts';

const REAL = { name: 'the real one' };
const scopeWith = (name: string): Record<string, unknown> => {
  const scope = {};
  Object.defineProperty(scope, name, { value: REAL, configurable: true, writable: true });
  return scope;
};

test('there is no worker to be made until it is put back', () => {
  const scope = scopeWith('Worker');
  const putBack = withoutWorker(scope);
  expect(scope['Worker']).not.toBe(REAL);
  putBack();
  expect(scope['Worker']).toBe(REAL);
});

test('where there are no workers, nothing is put there', () => {
  const scope = scopeWith('Other');
  withoutWorker(scope)();
  expect('Worker' in scope).toBe(false);
});
