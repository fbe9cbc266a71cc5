import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { EngineError, reworded } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { printError } from './print-error.ts';

/**
 * Does something to each container named, one after the other, and prints its name as typed, or what
 * `work` makes of it. One that fails is told at the end and the others go on. Resolves to the exit
 * code. `prefix` words errors, also that there is no such container.
 */
export async function eachContainer(
  { engine, session, args }: CommandContext,
  work: (record: ContainerRecord, name: string) => Promise<string | undefined>,
  prefix: (name: string) => string = () => '',
): Promise<number> {
  const errors: EngineError[] = [];
  for (const name of args) {
    try {
      const shown = await work(await findContainer(engine, name), name);
      session.stdout.write(`${shown ?? name}\n`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const before = prefix(name);
      errors.push(before === '' ? error : reworded(error, `${before}${error.message}`));
    }
  }
  for (const error of errors) printError(error, session);
  return errors.length > 0 ? 1 : 0;
}
