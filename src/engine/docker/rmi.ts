import { EngineError } from '../errors.ts';
import { collectGarbage } from '../images/garbage.ts';
import { type RemovalStep, removeImage } from '../images/remove.ts';
import type { CommandDefinition } from './command.ts';
import { printError } from './print-error.ts';

export const rmiCommand: CommandDefinition = {
  name: 'rmi',
  aliases: ['image rm', 'image remove', 'rmi'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Remove one or more images',
  flags: [
    { name: 'force', short: 'f', kind: 'bool', help: 'Force removal of the image' },
    { name: 'no-prune', kind: 'bool', help: 'Do not delete untagged parents' },
  ],
  arguments: { min: 1 },
  examples: [
    'docker rmi app:1.0',
    'docker rmi -f 5bad503eef46',
    'docker rmi $(docker images -qf dangling=true)',
  ],
  async run({ engine, session, args, flags }) {
    const force = flags.bool('force');
    let exitCode = 0;
    let deleted = false;
    const errors: EngineError[] = [];
    for (const name of args) {
      try {
        const { steps } = await removeImage(engine, name, { force });
        deleted ||= steps.some(({ kind }) => kind === 'deleted');
        for (const step of steps) session.stdout.write(`${describeStep(step)}\n`);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        errors.push(error);
        if (!force || error.code !== 'image-unknown') exitCode = 1;
      }
    }
    if (deleted) await collectGarbage(engine);
    for (const error of errors) printError(error, session);
    return exitCode;
  },
};

function describeStep(step: RemovalStep): string {
  return step.kind === 'untagged' ? `Untagged: ${step.name}` : `Deleted: ${step.digest}`;
}
