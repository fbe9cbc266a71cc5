import { EngineError } from '../engine/errors.ts';

/** One thing that is wrong with a lab, for its author. */
export interface Fault {
  /** As whoever reads it finds it, such as `labs/python/lab.yaml`. */
  readonly file: string;
  readonly line?: number;
  /** `hints.0.check` */
  readonly field?: string;
  readonly why: string;
}

/** EngineError `lab-invalid`: all of it at once, a line each. */
export function invalidLab(faults: readonly Fault[]): EngineError {
  const lines = faults.map(({ file, line, field, why }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    return `${place}: ${field ? `${field}: ` : ''}${why}`;
  });
  return new EngineError('lab-invalid', lines.join('\n'), {
    hint: 'labs/lab.schema.json says what a lab.yaml may hold; editors show it while you type.',
    exitCode: 2,
  });
}
