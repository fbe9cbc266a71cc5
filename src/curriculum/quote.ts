import { textOf } from '../verify/folder.ts';
import { didYouMean } from '../engine/dockerfile/suggest.ts';
import type { QuotedLab } from './labs.ts';

export interface QuoteRequest {
  /** Relative to labs/<lab>/. */
  readonly path: string;
  /** Name of a build stage: from its FROM to before the next. */
  readonly stage?: string | undefined;
  /** `3-7`, or `3`. */
  readonly lines?: string | undefined;
}

/** A part of a lab's file. */
export interface Quote {
  readonly text: string;
  /** Of its first line in the file. */
  readonly firstLine: number;
}

/** What a lesson quotes; throws a RangeError that says what there is instead. */
export function quote(lab: QuotedLab, { path, stage, lines }: QuoteRequest): Quote {
  const whole = textOf(lab.files, path);
  if (whole === undefined) {
    const hint = didYouMean(path, [...lab.files.keys()], { exactCase: true });
    throw new RangeError(`labs/${lab.slug} has no file ${path}${hint}`);
  }
  const all = whole.replace(/\n$/, '').split('\n');
  if (stage !== undefined) return stageOf(all, stage, `labs/${lab.slug}/${path}`);
  if (lines === undefined) return { text: all.join('\n'), firstLine: 1 };
  const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(lines) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first < 1 || last < first || last > all.length) {
    throw new RangeError(
      `labs/${lab.slug}/${path} has no lines ${lines}: it has ${all.length}, write "3-7"`,
    );
  }
  return { text: all.slice(first - 1, last).join('\n'), firstLine: first };
}

const FROM = /^\s*FROM\s+.*?(?:\s+AS\s+(\S+))?\s*$/i;

function stageOf(lines: readonly string[], stage: string, file: string): Quote {
  const starts = lines.flatMap((line, at) => {
    const found = FROM.exec(line);
    return found === null ? [] : [{ at, name: found[1] }];
  });
  const index = starts.findIndex(({ name }) => name === stage);
  const start = starts[index];
  if (start === undefined) {
    const names = starts.flatMap(({ name }) => name ?? []);
    throw new RangeError(
      `${file} has no stage ${stage}; it has ${names.length === 0 ? 'none with a name' : names.join(', ')}`,
    );
  }
  const end = starts[index + 1]?.at ?? lines.length;
  const text = lines.slice(start.at, end).join('\n').trimEnd();
  return { text, firstLine: start.at + 1 };
}
