import type { Diagnostic } from './diagnostic.ts';
import type { EscapeCharacter } from './expand.ts';
import type { ArgInstruction, Dockerfile, Instruction, Stage } from './instructions.ts';
import { cutInstruction, readLogicalLines, type LogicalLine } from './logical-lines.ts';
import { parseCmd, parseHealthcheck, parseRun, parseShell } from './parse-command.ts';
import { diagnosticOf, isParseError, parseError, type ParseError } from './parse-error.ts';
import { parseCopy, parseVolume, parseWord } from './parse-files.ts';
import { sourceOf, type InstructionParser } from './parse-instruction.ts';
import { parseArg, parseExpose, parseFrom, parseOnbuild, parsePairs } from './parse-settings.ts';
import { didYouMean } from './suggest.ts';

const PARSERS: ReadonlyMap<string, InstructionParser> = new Map([
  ['ADD', parseCopy],
  ['ARG', parseArg],
  ['CMD', parseCmd],
  ['COPY', parseCopy],
  ['ENTRYPOINT', parseCmd],
  ['ENV', parsePairs],
  ['EXPOSE', parseExpose],
  ['FROM', parseFrom],
  ['HEALTHCHECK', parseHealthcheck],
  ['LABEL', parsePairs],
  ['MAINTAINER', parseWord],
  ['ONBUILD', parseOnbuild],
  ['RUN', parseRun],
  ['SHELL', parseShell],
  ['STOPSIGNAL', parseWord],
  ['USER', parseWord],
  ['VOLUME', parseVolume],
  ['WORKDIR', parseWord],
]);

export interface ParseResult {
  /** Undefined when there is an error among the diagnostics. */
  readonly dockerfile?: Dockerfile;
  /** All of them; the first is the one Docker stops at, in Docker's words. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses a Dockerfile and never throws, whatever it is given. Variables stay as written. Names of
 * stages are not looked up here: `stages.ts` does that for the stages a build needs.
 */
export function parseDockerfile(source: string): ParseResult {
  if (source === '') return refused('empty-dockerfile', 'the Dockerfile cannot be empty');
  const { directives, lines, errors: lineErrors } = readLogicalLines(source);
  const found: Diagnostic[][] = [[], [], []];
  const report = (phase: ParseError['phase'], diagnostic: Diagnostic) =>
    found[PHASES.indexOf(phase)]?.push(diagnostic);
  for (const error of lineErrors) report('lines', diagnosticOf(error));
  const globalArgs: ArgInstruction[] = [];
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const line of lines) {
    const parsed = parseLine(line, directives.escape);
    const stage = stages.at(-1);
    if (isParseError(parsed)) {
      const placed = parsed.phase === 'instructions' ? onLine(line, parsed) : parsed.message;
      report(parsed.phase, diagnosticOf(parsed, placed));
      // A FROM that is wrong is a FROM: what follows it is not outside of every stage.
      if (line.keyword.text.toUpperCase() === 'FROM') stages.push(brokenStage(line, stages.length));
      if (!stage && parsed.phase === 'build')
        report('instructions', diagnosticOf(outsideStage(line)));
    } else if (parsed.kind === 'from') {
      const name = parsed.as === undefined ? {} : { name: parsed.as.toLowerCase() };
      stages.push({ index: stages.length, ...name, from: parsed, instructions: [] });
    } else if (stage) stage.instructions.push(parsed);
    else if (parsed.kind === 'arg') globalArgs.push(parsed);
    else report('instructions', diagnosticOf(outsideStage(line)));
  }
  const diagnostics = found.flatMap((phase) => phase.toSorted(byLine));
  if (diagnostics.length > 0) return { diagnostics };
  if (lines.length === 0) return refused('empty-dockerfile', 'file with no instructions');
  if (stages.length === 0) return refused('no-stage', 'dockerfile contains no stages to build');
  return { dockerfile: { directives, globalArgs, stages, source }, diagnostics };
}

const PHASES: readonly ParseError['phase'][] = ['lines', 'instructions', 'build'];

/** Line errors are found in two passes. */
function byLine(a: Diagnostic, b: Diagnostic): number {
  return a.range.start.line - b.range.start.line;
}

function parseLine(line: LogicalLine, escape: EscapeCharacter) {
  const source = sourceOf(line, escape);
  const parser = PARSERS.get(source.keyword);
  if (parser) return inTrigger(line, escape) ?? parser(source);
  const written = line.keyword.text;
  const suggestion = didYouMean(written, [...PARSERS.keys()], { exactCase: false });
  return parseError(
    'unknown-instruction',
    `unknown instruction: ${written}${suggestion}`,
    'A line begins with an instruction; end the line before with a backslash to continue it.',
    source.at(line.keyword),
  );
}

/** What BuildKit refuses while cutting lines, it refuses in the trigger of ONBUILD too. */
function inTrigger(line: LogicalLine, escape: EscapeCharacter): ParseError | undefined {
  if (line.keyword.text.toUpperCase() !== 'ONBUILD') return undefined;
  const { text, start } = line.rest;
  const source = sourceOf({ ...line, ...cutInstruction(text, start) }, escape);
  const parsed = PARSERS.get(source.keyword)?.(source);
  return parsed && isParseError(parsed) && parsed.phase === 'lines' ? parsed : undefined;
}

/** Docker names the first line of the instruction, wherever in it the mistake is. */
function onLine(line: LogicalLine, error: ParseError): string {
  return `dockerfile parse error on line ${line.range.start.line + 1}: ${error.message}`;
}

function outsideStage(line: LogicalLine): ParseError {
  return parseError(
    'no-stage',
    'no build stage in current context',
    'Begin with FROM; only ARG may stand before it.',
    line.range,
  );
}

function brokenStage(line: LogicalLine, index: number): Stage & { instructions: Instruction[] } {
  const from = { kind: 'from', image: 'scratch', range: line.range, text: '' } as const;
  return { index, from, instructions: [] };
}

function refused(code: string, message: string): ParseResult {
  const start = { line: 0, column: 0 };
  const hint = 'A Dockerfile needs a FROM, for example FROM scratch.';
  return {
    diagnostics: [{ severity: 'error', code, message, hint, range: { start, end: start } }],
  };
}
