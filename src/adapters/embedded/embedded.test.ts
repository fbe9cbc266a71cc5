import { afterAll, describe, it } from 'vitest';
import { hasMachine, newMachine, NO_MACHINE, pantryEngine } from '../../testing/machine.ts';
import { runDocker } from '../../testing/session.ts';
import { describeEngine } from '../../verify/contract.ts';
import { embeddedEngine } from './engine.ts';

if (hasMachine) {
  const machine = newMachine();
  const engine = { ...pantryEngine(), processHost: machine.host };
  afterAll(() => machine.close());
  describeEngine(
    'the built-in engine',
    () => embeddedEngine({ engine, machine }),
    (args) => runDocker(engine, args),
  );
} else {
  describe('the built-in engine', () => {
    it('keeps the contract of the port', ({ skip }) => {
      skip(NO_MACHINE);
    });
  });
}
