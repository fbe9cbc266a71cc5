import { EngineError } from '../errors.ts';
import { quote } from '../format/go-quote.ts';
import { parseReference } from '../oci/reference.ts';
import type { CheckRule } from './check.ts';
import { expand } from './expand.ts';
import { hasWildcard, cleanGoPath } from './glob.ts';
import type { Instruction, Stage } from './instructions.ts';
import { remoteSource } from './remote-source.ts';
import { globalScope } from './scopes.ts';

/** Checks on what stages and instructions do. */

export const duplicateStageName: CheckRule = {
  name: 'DuplicateStageName',
  *find({ dockerfile }) {
    const seen = new Set<string>();
    for (const { name, from } of dockerfile.stages) {
      if (name === undefined) continue;
      if (seen.has(name)) {
        const message = `Duplicate stage name ${quote(name)}, stage names should be unique`;
        yield { message, range: from.range };
      }
      seen.add(name);
    }
  },
};

export const reservedStageName: CheckRule = {
  name: 'ReservedStageName',
  *find({ dockerfile }) {
    for (const { name, from } of dockerfile.stages) {
      if (name !== 'scratch' && name !== 'context') continue;
      const message = `Stage name should not use the same name as reserved stage ${quote(name)}`;
      yield { message, range: from.range };
    }
  },
};

export const jsonArgsRecommended: CheckRule = {
  name: 'JSONArgsRecommended',
  *find({ parts }) {
    let ownShell: Stage | undefined;
    for (const { line, instruction, stage } of parts) {
      // With a SHELL of one's own the shell form is meant.
      if (instruction.kind === 'shell') ownShell = stage;
      if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') continue;
      const { command } = instruction;
      if (command.form === 'exec' || command.line === '' || ownShell === stage) continue;
      yield {
        message: `JSON arguments recommended for ${line.keyword.text} to prevent unintended behavior related to OS signals`,
        range: instruction.range,
      };
    }
  },
};

export const multipleInstructionsDisallowed: CheckRule = {
  name: 'MultipleInstructionsDisallowed',
  *find({ dockerfile }) {
    for (const { instructions } of dockerfile.stages) {
      const last = new Map<Instruction['kind'], Instruction>();
      for (const instruction of instructions) {
        const { kind } = instruction;
        if (kind !== 'cmd' && kind !== 'entrypoint' && kind !== 'healthcheck') continue;
        // The one before is the one without effect.
        const before = last.get(kind);
        if (before) {
          yield {
            message: `Multiple ${kind.toUpperCase()} instructions should not be used in the same stage because only the last one will be used`,
            range: before.range,
          };
        }
        last.set(kind, instruction);
      }
    }
  },
};

export const workdirRelativePath: CheckRule = {
  name: 'WorkdirRelativePath',
  *find({ dockerfile }) {
    const absolute = new Set<string>();
    for (const stage of dockerfile.stages) {
      let isSet = absolute.has(stage.from.image);
      for (const instruction of stage.instructions) {
        if (instruction.kind !== 'workdir') continue;
        const { value, range } = instruction;
        // What a variable holds is not known here.
        const relative = !/^["']?[/$]/.test(value);
        if (relative && !isSet) {
          yield {
            message: `Relative workdir ${quote(value)} can have unexpected results if the base image changes`,
            range,
          };
        }
        isSet = true;
      }
      if (isSet && stage.name !== undefined) absolute.add(stage.name);
    }
  },
};

const SECRET =
  /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const NO_SECRET = /(?:_|^)(?:public|file|version)(?:_|$)/i;

export const secretsUsedInArgOrEnv: CheckRule = {
  name: 'SecretsUsedInArgOrEnv',
  *find({ parts }) {
    for (const { line, instruction } of parts) {
      const pairs =
        instruction.kind === 'arg'
          ? instruction.args
          : instruction.kind === 'env'
            ? instruction.pairs
            : [];
      for (const { name } of pairs) {
        if (!SECRET.test(name) || NO_SECRET.test(name)) continue;
        yield {
          message: `Do not use ARG or ENV instructions for sensitive data (${line.keyword.text} ${quote(name)})`,
          range: instruction.range,
        };
      }
    }
  },
};

export const redundantTargetPlatform: CheckRule = {
  name: 'RedundantTargetPlatform',
  *find({ dockerfile }) {
    for (const { from } of dockerfile.stages) {
      if (!/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(from.platform ?? '')) continue;
      yield {
        message: `Setting platform to predefined ${from.platform ?? ''} in FROM is redundant as this is the default behavior`,
        range: from.range,
      };
    }
  },
};

export const fromPlatformFlagConstDisallowed: CheckRule = {
  name: 'FromPlatformFlagConstDisallowed',
  *find({ dockerfile }) {
    for (const { from, name = '' } of dockerfile.stages) {
      const { platform } = from;
      if (platform === undefined || platform.includes('$')) continue;
      // A stage that says in its name what it is for is meant to be so.
      const [os = '', architecture = ''] = platform.split('/');
      if ([os, architecture].some((part) => part !== '' && name.includes(part))) continue;
      yield {
        message: `FROM --platform flag should not use constant value ${quote(platform)}`,
        range: from.range,
      };
    }
  },
};

export const invalidDefaultArgInFrom: CheckRule = {
  name: 'InvalidDefaultArgInFrom',
  *find({ dockerfile, platforms }) {
    const scope = globalScope(dockerfile, new Map(), platforms);
    for (const { from } of dockerfile.stages) {
      if (isImageName(quietly(() => expand(from.image, scope.env, scope.escape)))) continue;
      yield {
        message: `Default value for ARG ${from.image} results in empty or invalid base image name`,
        range: from.range,
      };
    }
  },
};

function isImageName(name: string | undefined): boolean {
  if (name === undefined || name === 'scratch') return true;
  return quietly(() => parseReference(name)) !== undefined;
}

/** The build says it better; a check is no place to fail. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

export const copyIgnoredFile: CheckRule = {
  name: 'CopyIgnoredFile',
  *find({ parts, isIgnored }) {
    for (const { line, instruction } of parts) {
      if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue;
      if (instruction.from !== undefined) continue;
      for (const source of instruction.sources) {
        const path = cleanGoPath(`/${source}`).slice(1);
        const unknown = path === '' || hasWildcard(source) || source.includes('$');
        if (unknown || remoteSource(source) !== undefined || !isIgnored(path)) continue;
        yield {
          message: `Attempting to ${line.keyword.text} file ${quote(source)} that is excluded by .dockerignore`,
          range: instruction.range,
        };
      }
    }
  },
};
