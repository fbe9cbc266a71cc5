/** Where answers and keys come from. */
export interface Keyboard {
  /** Whether somebody sits there: false in a pipe. */
  readonly isTTY: boolean;
  /** One line, without its end; undefined at the end of the input. */
  line(): Promise<string | undefined>;
  /** Every key as it is pressed, until the function that it gives is called. Ctrl-C is `\u0003`. */
  keys(listener: (key: string) => void): () => void;
}

/** Node's own. */
export function nodeKeyboard(stdin: NodeJS.ReadStream): Keyboard {
  return {
    isTTY: stdin.isTTY,
    line: () =>
      new Promise((resolve) => {
        let text = '';
        const done = (line: string | undefined): void => {
          stdin.off('data', read).off('end', end).pause();
          resolve(line);
        };
        const read = (piece: string): void => {
          text += piece;
          const at = text.indexOf('\n');
          if (at >= 0) done(text.slice(0, at).replace(/\r$/, ''));
        };
        const end = (): void => {
          done(text === '' ? undefined : text);
        };
        stdin.setEncoding('utf8').on('data', read).on('end', end).resume();
      }),
    keys(listener) {
      const read = (piece: string): void => {
        // An arrow key is one escape sequence, and none of ours; pasted text is a key each.
        if (piece.startsWith('\u001b')) return;
        for (const key of piece) listener(key);
      };
      if (stdin.isTTY) stdin.setRawMode(true);
      stdin.setEncoding('utf8').on('data', read).resume();
      return () => {
        stdin.off('data', read).pause();
        if (stdin.isTTY) stdin.setRawMode(false);
      };
    },
  };
}
