import type { CommandWords } from '../words/words.ts';
import type { View } from '../render-report.ts';
import { giveHint, hintLines } from '../hint.ts';
import { listLines } from '../list.ts';
import { nextSlug } from '../next-lab.ts';
import { shownPath } from '../marker.ts';
import { resetFolder } from '../reset-folder.ts';
import { BROKEN, INTERRUPTED, troubleFrom } from '../trouble.ts';
import { keysLine, runFrame, type RunState } from './frame.ts';
import { troubleLines } from './plain.ts';
import { screenOn } from './screen.ts';
import type { Watch, WatchEvent } from './events.ts';

const TICK = 120;

const fresh: RunState = {
  ...{ engine: undefined, results: [], current: undefined, report: undefined },
  ...{ at: undefined, trouble: undefined },
};

/** What is on the screen besides the run. */
interface Page {
  /** Below the run: a hint, what a key came to. */
  readonly news: readonly string[];
  /** Instead of the run, until a key is pressed. */
  readonly over: readonly string[] | undefined;
  /** Whether the next key answers the question of `r`. */
  readonly asking: boolean;
}

const blank: Page = { news: [], over: undefined, asking: false };

/** On a terminal: one screen, redrawn in place, and keys. */
export async function interactive(watch: Watch): Promise<number> {
  const { call, lab, whole, events, begin, place } = watch;
  const { desk, words } = call;
  const screen = screenOn(desk.stdout);
  // The terminal's size may change while it is watched.
  const view = (): View => ({ ...call.view, columns: desk.stdout.columns ?? 80 });
  let state: RunState = fresh;
  let page: Page = blank;
  let next: string | undefined;

  const draw = (): void => {
    const about = { next, whole, news: page.news, now: performance.now() };
    const { body, foot } = page.over
      ? { body: page.over, foot: [] }
      : runFrame(lab, state, about, view());
    screen.draw(body, [...foot, '', footOf(page, words, view())], words.watch.more);
  };
  const start = (): number => {
    state = {
      ...fresh,
      engine: state.engine,
      current: { check: undefined, since: performance.now() },
    };
    page = blank;
    return begin();
  };

  const offKeys = desk.keyboard.keys((key) => {
    events.push({ kind: 'key', key });
  });
  const offResize = desk.onResize(() => {
    events.push({ kind: 'tick' });
  });
  const ticker = setInterval(() => {
    if (state.current) events.push({ kind: 'tick' });
  }, TICK);
  try {
    let run = start();
    for (;;) {
      draw();
      const event = await events.next();
      switch (event.kind) {
        case 'tick':
        case 'happened':
          break;
        case 'saved':
          run = start();
          break;
        case 'gone':
          page = { ...blank, news: [words.watch.gone(shownPath(place.dir, desk.cwd))] };
          draw();
          return BROKEN;
        case 'stop':
          return INTERRUPTED;
        case 'key': {
          const pressed = await press(event.key, page, watch, view());
          if (typeof pressed === 'number') return pressed;
          if (pressed === 'again') run = start();
          else page = pressed;
          break;
        }
        case 'bug':
          if (event.run === run) throw event.error;
          break;
        default:
          if (event.run !== run) break;
          state = after(state, event, call.language, desk.now());
          if (event.kind === 'report') next = await nextSlug(desk, lab.slug);
      }
    }
  } finally {
    clearInterval(ticker);
    offResize();
    offKeys();
    screen.leave();
  }
}

function after(
  state: RunState,
  event: WatchEvent,
  language: View['language'],
  now: Date,
): RunState {
  switch (event.kind) {
    case 'engine':
      return { ...state, engine: event.engine };
    case 'check':
      return { ...state, current: { check: event.check, since: performance.now() } };
    case 'result':
      return { ...state, current: undefined, results: [...state.results, event.result] };
    case 'report':
      return { ...state, current: undefined, report: event.report, at: now };
    case 'trouble':
      return { ...fresh, trouble: troubleLines(event.trouble, language) };
    default:
      return state;
  }
}

/** What a key does: another page, `again`, or the exit code. */
async function press(
  key: string,
  page: Page,
  watch: Watch,
  view: View,
): Promise<Page | 'again' | number> {
  const { call, lab } = watch;
  const pressed = key.toLowerCase();
  if (pressed === '\u0003') return INTERRUPTED;
  if (page.asking) return pressed === view.words.yes ? reset(watch) : blank;
  if (pressed === 'q' || pressed === '\u0004') return 0;
  if (page.over) return blank;
  switch (pressed) {
    case 'h':
      return shown(async () => {
        const { hints } = lab.manifest;
        const { hint, given } = await giveHint(call, lab.slug, hints);
        const last = hint ?? given.at(-1);
        if (!last) return [view.words.hint.none];
        const lines = await hintLines({ ...call, view }, lab.slug, hints, last, given);
        return lines;
      }, call.language);
    case 'l': {
      const lines = await listLines({ ...call, view });
      return { ...blank, over: lines };
    }
    case 'r':
      return { ...blank, asking: true };
    case '\r':
    case '\n':
      return 'again';
    default:
      return page;
  }
}

async function reset({ call, lab, place }: Watch): Promise<Page> {
  const { desk, words, language } = call;
  const { marker, dir } = place;
  if (!marker) {
    const { message, hint = '' } = words.trouble.notLabFolder('reset', shownPath(dir, desk.cwd));
    return { ...blank, news: [message, hint] };
  }
  return shown(async () => {
    const backup = await resetFolder(lab, { dir, marker }, desk.now());
    return [words.reset.done(backup && shownPath(backup, desk.cwd))];
  }, language);
}

/** News that can fail for an expected reason, which is then the news. */
async function shown(
  news: () => Promise<readonly string[]>,
  language: View['language'],
): Promise<Page> {
  try {
    return { ...blank, news: await news() };
  } catch (error) {
    const trouble = troubleFrom(error);
    if (!trouble) throw error;
    return { ...blank, news: troubleLines(trouble, language) };
  }
}

function footOf(page: Page, words: CommandWords, view: View): string {
  if (page.asking) return words.watch.resetQuestion;
  return page.over ? view.paint.dim(words.watch.anyKey) : keysLine(view);
}
