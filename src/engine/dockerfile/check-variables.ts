import { EngineError } from '../errors.ts';
import type { CheckContext, CheckRule, Finding } from './check.ts';
import { lex, type Environment, type EscapeCharacter } from './expand.ts';
import type { Instruction, Stage } from './instructions.ts';
import { globalScope } from './scopes.ts';
import { didYouMean } from './suggest.ts';

/** Checks on variables nobody declared. */

export const undefinedArgInFrom: CheckRule = {
  name: 'UndefinedArgInFrom',
  *find({ dockerfile, buildArgs, platforms }) {
    const { env, escape } = globalScope(dockerfile, buildArgs, platforms);
    for (const { from } of dockerfile.stages) {
      for (const word of [from.image, from.platform ?? '']) {
        for (const name of unset(word, env, escape)) {
          const suggestion = didYouMean(name, [...env.keys()], { exactCase: true });
          const message = `FROM argument '${name}' is not declared${suggestion}`;
          yield { message, range: from.range };
        }
      }
    }
  },
};

export const undefinedVar: CheckRule = {
  name: 'UndefinedVar',
  *find(context) {
    const stages = new Map<string, ReadonlyMap<string, string>>();
    for (const stage of context.dockerfile.stages) {
      const env = startOf(context, stage, stages);
      if (!env) continue;
      const known = new Map(env);
      yield* inStage(stage, known, context.dockerfile.directives.escape);
      if (stage.name !== undefined) stages.set(stage.name, known);
    }
  },
};

/** Names are enough; ARGs of a stage above are not handed on, but its ENV is, and both are kept. */
function startOf(
  { imageEnv }: CheckContext,
  stage: Stage,
  stages: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ReadonlyMap<string, string> | undefined {
  const above = stages.get(stage.from.image);
  if (above) return above;
  const env = stage.from.image === 'scratch' ? ['PATH=/bin'] : imageEnv(stage);
  return env && new Map(env.map((pair) => [pair.split('=', 1)[0] ?? '', '']));
}

function* inStage(
  stage: Stage,
  known: Map<string, string>,
  escape: EscapeCharacter,
): Iterable<Finding> {
  for (const instruction of stage.instructions) {
    const reported = new Set<string>();
    for (const word of wordsOf(instruction)) {
      for (const name of unset(word, known, escape)) {
        if (reported.has(name)) continue;
        reported.add(name);
        const suggestion = didYouMean(name, [...known.keys()], { exactCase: true });
        const message = `Usage of undefined variable '$${name}'`;
        // Docker puts the dollar into the suggestion too.
        yield {
          message: message + suggestion.replace('mean ', 'mean $'),
          range: instruction.range,
        };
      }
    }
    if (instruction.kind === 'env') for (const { name } of instruction.pairs) known.set(name, '');
    if (instruction.kind === 'arg') for (const { name } of instruction.args) known.set(name, '');
  }
}

/** The words a build expands; what a shell gets is the shell's business. */
function wordsOf(instruction: Instruction): readonly string[] {
  switch (instruction.kind) {
    case 'env':
    case 'label':
      return instruction.pairs.flatMap(({ name, value }) => [name, value]);
    case 'arg':
      return instruction.args.flatMap(({ name, value = '' }) => [name, value]);
    case 'copy':
    case 'add':
      return [instruction.chown ?? '', ...instruction.sources, instruction.destination];
    case 'workdir':
    case 'user':
    case 'stopsignal':
      return [instruction.value];
    case 'expose':
    case 'volume':
      return instruction.values;
    case 'run':
      return instruction.mounts.map(({ text }) => text);
    default:
      return [];
  }
}

function unset(word: string, env: Environment, escape: EscapeCharacter): ReadonlySet<string> {
  if (!word.includes('$')) return new Set();
  try {
    return lex(word, env, escape).unmatched;
  } catch (error) {
    // The build says what is wrong with it.
    if (error instanceof EngineError) return new Set();
    throw error;
  }
}
