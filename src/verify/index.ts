/** What a lab's verify.ts may import: everything checks are made of. */
export { words, verbatim, type Words } from './words.ts';
export { fail, firstFailure, pass, skip, withHint, type Failure } from './verdicts.ts';
export { baseIs, startsWith } from './predicates/base.ts';
export {
  cmdIs,
  entrypointIs,
  envAbsent,
  envIs,
  factsOf,
  healthcheckResolves,
  nonroot,
  stopSignalIs,
  userIs,
  workingDirIs,
  type Facts,
} from './predicates/config.ts';
export { argvResolves, effectiveArgv, programResolves } from './predicates/argv.ts';
export { findTools, noShell, type FoundTool } from './predicates/shell.ts';
export { elfDynamic, elfRuns, elfStatic } from './predicates/elf.ts';
export { pythonAbi, pythonFinds, pythonOf, type PythonFacts } from './predicates/python.ts';
export {
  absentEverywhere,
  findEverywhere,
  type Forbidden,
  type FoundFile,
} from './predicates/forbidden.ts';
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
export { drawn } from './nonce.ts';
export { NotBuilt } from './not-built.ts';
export { answers, asks, type AnswerExpectation, type Question } from './predicates/answers.ts';
export { printed, withContainer } from './predicates/container.ts';
export { rebuild, type RebuildOptions } from './predicates/rebuild.ts';
export { runs, type RunExpectation } from './predicates/runs.ts';
export { sealed } from './predicates/sealed.ts';
export { stops, type StopOptions } from './predicates/stops.ts';
export type { Pattern } from './predicates/text.ts';
