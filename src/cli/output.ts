/** Where a command writes; process.stdout and process.stderr are two of them. */
export interface Output {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

interface OutputStream {
  write(text: string): unknown;
  /** True on a terminal, which then has `columns` and `rows`. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}
