import { quote } from '../format/go-quote.ts';
import { keywordRange, type CheckRule, type Finding, type Part } from './check.ts';
import { splitBlanks } from './words.ts';

/** Checks on how a Dockerfile is written. */

export const consistentInstructionCasing: CheckRule = {
  name: 'ConsistentInstructionCasing',
  *find({ parts }) {
    const inStages = parts.filter(({ stage }) => stage);
    const isLower = (text: string) => text === text.toLowerCase();
    const isUpper = (text: string) => text === text.toUpperCase();
    const keywords = inStages.map(({ line }) => line.keyword.text);
    const lower = keywords.filter(isLower).length > keywords.filter(isUpper).length;
    for (const part of inStages) {
      const { text } = part.line.keyword;
      if (lower ? isLower(text) : isUpper(text)) continue;
      const wanted = lower ? 'lowercase' : 'uppercase';
      yield {
        message: `Command '${text}' should match the case of the command majority (${wanted})`,
        range: keywordRange(part),
        hint: `Write ${lower ? text.toLowerCase() : text.toUpperCase()}.`,
      };
    }
  },
};

export const stageNameCasing: CheckRule = {
  name: 'StageNameCasing',
  *find({ parts }) {
    for (const part of parts) {
      if (part.instruction.kind !== 'from') continue;
      const { as } = part.instruction;
      if (as === undefined || as === as.toLowerCase()) continue;
      yield {
        message: `Stage name '${as}' should be lowercase`,
        range: wordRange(part, 2),
        hint: `Write ${as.toLowerCase()}.`,
      };
    }
  },
};

export const fromAsCasing: CheckRule = {
  name: 'FromAsCasing',
  *find({ parts }) {
    for (const part of parts) {
      if (part.instruction.kind !== 'from' || part.instruction.as === undefined) continue;
      const from = part.line.keyword.text;
      const as = splitBlanks(part.line.rest.text)[1]?.text ?? '';
      const differs =
        (from === from.toLowerCase() && as !== as.toLowerCase()) ||
        (from === from.toUpperCase() && as !== as.toUpperCase());
      if (!differs) continue;
      yield {
        message: `'${as}' and '${from}' keywords' casing do not match`,
        range: wordRange(part, 1),
      };
    }
  },
};

export const noEmptyContinuation: CheckRule = {
  name: 'NoEmptyContinuation',
  *find({ parts }) {
    for (const { line } of parts) {
      const [blank] = line.blankLines;
      if (blank === undefined) continue;
      const at = { line: blank, column: 0 };
      yield { message: 'Empty continuation line', range: { start: at, end: at } };
    }
  },
};

export const legacyKeyValueFormat: CheckRule = {
  name: 'LegacyKeyValueFormat',
  *find({ parts }) {
    for (const { line, instruction } of parts) {
      if (instruction.kind !== 'env' && instruction.kind !== 'label') continue;
      if (!instruction.legacy) continue;
      const name = line.keyword.text;
      yield {
        message: `"${name} key=value" should be used instead of legacy "${name} key value" format`,
        range: instruction.range,
      };
    }
  },
};

export const maintainerDeprecated: CheckRule = {
  name: 'MaintainerDeprecated',
  *find({ parts }) {
    for (const { instruction } of parts) {
      if (instruction.kind !== 'maintainer') continue;
      yield {
        message: 'Maintainer instruction is deprecated in favor of using label',
        range: instruction.range,
        hint: `Write LABEL org.opencontainers.image.authors=${quote(instruction.value)}.`,
      };
    }
  },
};

export const invalidDefinitionDescription: CheckRule = {
  name: 'InvalidDefinitionDescription',
  experimental: true,
  *find({ parts }) {
    for (const { line, instruction } of parts) {
      const names =
        instruction.kind === 'arg'
          ? instruction.args.map(({ name }) => name)
          : instruction.kind === 'from' && instruction.as !== undefined
            ? [instruction.as.toLowerCase()]
            : [];
      const comment = line.comments.at(-1);
      const [name] = names;
      if (name === undefined || comment === undefined) continue;
      if (names.includes(comment.split(' ')[0] ?? '')) continue;
      const shown = names.length > 1 ? '<arg_key>' : name;
      yield {
        message: `Comment for ${line.keyword.text.toUpperCase()} should follow the format: \`# ${shown} <description>\``,
        range: instruction.range,
      };
    }
  },
};

export const exposeProtoCasing: CheckRule = {
  name: 'ExposeProtoCasing',
  *find({ parts }) {
    for (const { word, range } of exposed(parts)) {
      const slash = word.indexOf('/');
      if (slash < 0 || word.slice(slash) === word.slice(slash).toLowerCase()) continue;
      yield {
        message: `Defined protocol '${word}' in EXPOSE instruction should be lowercase`,
        range,
        hint: `Write ${word.toLowerCase()}.`,
      };
    }
  },
};

export const exposeInvalidFormat: CheckRule = {
  name: 'ExposeInvalidFormat',
  *find({ parts }) {
    for (const { word, range } of exposed(parts)) {
      if (!word.replace(/\$\{[^}]*\}/g, '').includes(':')) continue;
      yield {
        message: `EXPOSE instruction should not define an IP address or host-port mapping, found '${word}'`,
        range,
      };
    }
  },
};

function* exposed(parts: readonly Part[]): Iterable<{ word: string; range: Finding['range'] }> {
  for (const { line, instruction } of parts) {
    if (instruction.kind !== 'expose') continue;
    for (const { text, start, end } of splitBlanks(line.rest.text, line.rest.start)) {
      yield { word: text, range: line.joined.range(start, end) };
    }
  }
}

/** The place of one of the arguments. */
function wordRange({ line, instruction }: Part, index: number): Finding['range'] {
  const word = splitBlanks(line.rest.text, line.rest.start)[index];
  return word ? line.joined.range(word.start, word.end) : instruction.range;
}
