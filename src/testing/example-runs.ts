import { expect } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { exampleFolder } from './examples.ts';
import { runDocker } from './session.ts';

/** Minutes, on a machine that emulates a processor. */
export const PATIENCE = 900_000;

/** One of `examples.ts`, built and run: the arguments after the image, what is printed, the exit code. */
export interface ExampleRun {
  readonly name: string;
  /** For who reads the results. */
  readonly why: string;
  readonly entrypoint?: string;
  readonly run?: readonly string[];
  readonly out?: string;
  readonly err?: RegExp;
  readonly code?: number;
}

/** Builds it and runs it, and expects what it says. */
export async function expectExample(engine: Engine, example: ExampleRun): Promise<void> {
  const { name, entrypoint, run = [], out = '', err, code = 0 } = example;
  const built = await runDocker(engine, [
    ...['build', '--progress=plain', '-t', name, exampleFolder(name)],
  ]);
  expect(built.code, built.stderr).toBe(0);
  const entry = entrypoint === undefined ? [] : ['--entrypoint', entrypoint];
  const said = await runDocker(engine, ['run', '--rm', ...entry, name, ...run]);
  expect(said.code, said.stderr).toBe(code);
  expect(said.text).toBe(out);
  if (err) expect(said.stderr).toMatch(err);
}
