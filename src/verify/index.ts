/** What a lab's verify.ts may import: everything checks are made of. */
export { words, verbatim, type Words } from './words.ts';
export { fail, firstFailure, pass, skip, withHint, type Failure } from './verdicts.ts';
export { baseIs, sharedLayers, startsWith } from './predicates/base.ts';
export {
  cmdIs,
  entrypointIs,
  envAbsent,
  envIs,
  nonroot,
  stopSignalIs,
  userIs,
  workingDirIs,
} from './predicates/config.ts';
export { factsOf, type Facts } from './predicates/facts.ts';
export {
  argvResolves,
  effectiveArgv,
  healthcheckResolves,
  programResolves,
} from './predicates/argv.ts';
export { noShell } from './predicates/shell.ts';
export { findProgram, type Program } from './predicates/program.ts';
export { findTools, type FoundTool } from './predicates/tools.ts';
export { elfAt, elfDynamic, elfRuns, elfStatic } from './predicates/elf.ts';
export { pythonAbi, pythonFinds } from './predicates/python.ts';
export { pythonOf, type PythonFacts } from './predicates/python-path.ts';
export { absentEverywhere, type Forbidden } from './predicates/forbidden.ts';
export { findEverywhere, type FoundFile, type Sought } from './predicates/everywhere.ts';
export { hasInventory, packagesOf } from './predicates/packages.ts';
export type { Package } from './packages/package.ts';
export {
  historyOf,
  layerAt,
  layerCount,
  layerOf,
  layersAre,
  whereIs,
  type Row,
} from './predicates/layers.ts';
export {
  written,
  writtenRight,
  yesNo,
  yesOrNo,
  type Written,
  type WrittenAnswer,
  type WrittenQuestion,
  type Wrong,
} from './written.ts';
export type { BuildOptions, Check, CheckContext, Verdict, Verifier, Where } from './check.ts';
export {
  EngineTrouble,
  type Container,
  type Engine,
  type HttpAnswer,
  type Image,
  type RunRequest,
} from './engine.ts';
export { textOf, type Folder } from './folder.ts';
export type { LiveAttachment, LiveContainer, LiveEngine, LiveEvent, LiveNetwork } from './live.ts';
export { drawn } from './nonce.ts';
export { NotBuilt } from './not-built.ts';
export { answers, asks, type AnswerExpectation, type Question } from './predicates/answers.ts';
export { askable, type Askable } from './predicates/askable.ts';
export { patience, printed, withContainer } from './predicates/container.ts';
export { rebuild, type RebuildOptions } from './predicates/rebuild.ts';
export { runs, type RunExpectation } from './predicates/runs.ts';
export { sealed } from './predicates/sealed.ts';
export { stops, type StopOptions } from './predicates/stops.ts';
export type { Pattern } from './predicates/text.ts';
export { textIn } from './read.ts';
