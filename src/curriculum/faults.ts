/** One thing that does not fit together in content/, and what to do about it. */
export interface Fault {
  /** From the repository's root. */
  readonly file: string;
  /** From 1; missing where the file itself is. */
  readonly line?: number;
  readonly why: string;
  readonly hint?: string;
}

/** What an author reads when the site does not build: `file:line: what is wrong. What to do.` */
export class ContentError extends Error {
  override readonly name = 'ContentError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(describeFault).join('\n'));
    this.faults = faults;
  }
}

export function describeFault({ file, line, why, hint }: Fault): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${why}${hint === undefined ? '' : `. ${hint}`}`;
}

/** Throws a ContentError of all faults, when there is one. */
export function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new ContentError(faults);
}
