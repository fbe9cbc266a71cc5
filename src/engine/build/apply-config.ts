import { expandWords } from '../dockerfile/expand.ts';
import { expandIn } from '../dockerfile/scopes.ts';
import type {
  Command,
  HealthcheckInstruction,
  Instruction,
  PairsInstruction,
} from '../dockerfile/instructions.ts';
import type { HealthConfig } from '../oci/image.ts';
import { argvOf, type Draft, setEnv } from './draft.ts';
import { durationText, plainList, quoteList, quoteNumber } from './go-print.ts';
import { parsePorts } from './ports.ts';
import { checkSignal } from './signals.ts';

/**
 * Applies one instruction to the draft and adds its history row, worded as BuildKit words it (no
 * `# buildkit` behind rows without a layer; ONBUILD leaves no row). Errors: EngineError
 * `bad-substitution`, `port-invalid`, `signal-invalid`.
 */
export function applyConfig(draft: Draft, instruction: Instruction): void {
  const createdBy = apply(draft, instruction);
  if (createdBy !== undefined) draft.rows.push({ createdBy, fromStep: false });
}

function apply(draft: Draft, instruction: Instruction): string | undefined {
  const { config } = draft;
  const word = (text: string): string => expandIn(draft.scope, text);
  switch (instruction.kind) {
    case 'env':
    case 'label':
      return applyPairs(draft, instruction, word);
    case 'user':
      config.User = word(instruction.value);
      return `USER ${config.User}`;
    case 'stopsignal': {
      const signal = word(instruction.value);
      checkSignal(signal);
      config.StopSignal = signal;
      return `STOPSIGNAL ${signal}`;
    }
    case 'maintainer':
      draft.author = instruction.value;
      return `MAINTAINER ${instruction.value}`;
    case 'expose': {
      const words = instruction.values.flatMap((value) =>
        expandWords(value, draft.scope.env, draft.scope.global.escape),
      );
      const ports = [...new Set(words.flatMap(parsePorts))].sort();
      for (const port of ports) draft.ports.add(port);
      return `EXPOSE map[${ports.map((port) => `${port}:{}`).join(' ')}]`;
    }
    case 'volume': {
      const paths = instruction.values.map(word);
      for (const path of paths) draft.volumes.add(path);
      return `VOLUME ${plainList(paths)}`;
    }
    case 'cmd': {
      const argv = argvOf(draft, instruction.command);
      config.Cmd = argv;
      config.ArgsEscaped = true;
      draft.cmdIsSet = true;
      return `CMD ${quoteList(argv)}`;
    }
    case 'entrypoint': {
      const argv = argvOf(draft, instruction.command);
      config.Entrypoint = argv;
      if (!draft.cmdIsSet) delete config.Cmd;
      return `ENTRYPOINT ${quoteList(argv)}`;
    }
    case 'shell':
      config.Shell = instruction.argv;
      return `SHELL ${plainList(instruction.argv)}`;
    case 'healthcheck':
      return applyHealthcheck(draft, instruction.health);
    case 'onbuild':
      config.OnBuild = [...(config.OnBuild ?? []), instruction.trigger];
      return undefined;
    default:
      throw new Error(`${instruction.kind} does more than change the config`);
  }
}

function applyPairs(
  draft: Draft,
  { kind, pairs }: PairsInstruction,
  word: (text: string) => string,
): string {
  // Variables mean what they meant before the line: `ENV A=1 B=$A` is the old A.
  const expanded = pairs.map(({ name, value }) => [word(name), word(value)] as const);
  for (const [name, value] of expanded) {
    if (kind === 'env') setEnv(draft, name, value);
    else draft.labels.set(name, value);
  }
  const text = expanded.map(([name, value]) => ` ${name}=${value}`).join('');
  return (kind === 'env' ? 'ENV' : 'LABEL') + text;
}

function applyHealthcheck(draft: Draft, health: HealthcheckInstruction['health']): string {
  const config: HealthConfig = health.none
    ? { Test: ['NONE'] }
    : { Test: testOf(health.command), ...health.options };
  draft.config.Healthcheck = config;
  const times = [config.Interval, config.Timeout, config.StartPeriod, config.StartInterval];
  const quoted = times.map((time) => `"${durationText(time ?? 0)}"`).join(' ');
  return `HEALTHCHECK &{${quoteList(config.Test ?? [])} ${quoted} ${quoteNumber(config.Retries ?? 0)}}`;
}

function testOf(command: Command): readonly string[] {
  return command.form === 'exec' ? ['CMD', ...command.argv] : ['CMD-SHELL', command.line];
}
