/** Lines and columns from 0, end exclusive, as editors count. */
export interface SourceRange {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable: `unknown-instruction`, or the name of a build check (`JSONArgsRecommended`). */
  readonly code: string;
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly hint: string;
  readonly range: SourceRange;
}
