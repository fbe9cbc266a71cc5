// One line about a step that takes long: a spinner with seconds on a terminal, plain lines elsewhere.

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * @typedef {object} Screen
 * @property {(text: string) => unknown} write
 * @property {boolean | undefined} [isTTY]
 */

/** @typedef {{ readonly done: () => void, readonly failed: () => void }} Progress */

/**
 * Says nothing about a step that is over within `patience` milliseconds.
 * @param {Screen} screen
 * @param {import('./words.mjs').Words} words
 * @param {string} title
 * @param {number} [patience]
 * @returns {Progress}
 */
export function startProgress(screen, words, title, patience = 2000) {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  let shown = false;
  let frame = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  const draw = () => {
    const text = words('elapsed', { title, seconds: seconds() });
    screen.write(`\r\u001b[2K${frames[frame++ % frames.length] ?? ''} ${text}`);
  };
  const waiting = setTimeout(() => {
    shown = true;
    if (screen.isTTY === true) {
      draw();
      ticking = setInterval(draw, 120);
    } else {
      screen.write(`${words('running', { title })}\n`);
    }
  }, patience);
  const end = () => {
    clearTimeout(waiting);
    clearInterval(ticking);
    if (shown && screen.isTTY === true) screen.write('\r\u001b[2K');
  };
  return {
    done: () => {
      end();
      if (shown) screen.write(`${words('done', { title, seconds: seconds() })}\n`);
    },
    failed: () => {
      end();
      screen.write(`${words('failed', { title })}\n`);
    },
  };
}
