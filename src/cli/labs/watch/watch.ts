import { checksAsked, engineAsked, folderOf, skipsAsked } from '../chosen-lab.ts';
import type { LabCommand } from '../command.ts';
import { shownPath } from '../marker.ts';
import { BROKEN, INTERRUPTED, misuse } from '../trouble.ts';
import { skipSteps } from '../steps.ts';
import { lacksValues } from '../verification.ts';
import { versionOf } from '../version.ts';
import { interactive } from './interactive.ts';
import { liveWatch } from './live.ts';
import { printEvent } from './plain.ts';
import type { Watch, WatchEvent } from './events.ts';
import { eventQueue } from './queue.ts';
import { verificationRuns } from './runs.ts';
import { watchSaves } from './saves.ts';

/** `semdistro watch`. */
export const watchCommand: LabCommand = {
  name: 'watch',
  options: { dir: 'text', engine: 'text', only: 'texts', skip: 'texts', note: 'text' },
  most: 1,
  async run(call) {
    const { desk, words, note } = call;
    const wish = engineAsked(call);
    const place = await folderOf(call, 'watch');
    const lab = await desk.lab(place.found.slug);
    const only = checksAsked(call, lab);
    if (lacksValues(lab, place.nonce)) {
      throw misuse('start-first', words.trouble.startFirst(lab.slug));
    }
    if (lab.verifier.checks.length === 0) {
      call.print(words.verify.noChecks);
      return 0;
    }
    if (place.marker && place.marker.version !== versionOf(lab)) note(words.verify.changed, '');
    const skipped = skipsAsked(call, lab);
    if (skipped.length > 0) await skipSteps(desk, lab, skipped, call.args.text('note') ?? '');
    const events = eventQueue<WatchEvent>();
    const runs = verificationRuns({ desk, lab, place, wish, only }, events.push);
    const stop = (): void => {
      events.push({ kind: 'stop' });
    };
    desk.signal.addEventListener('abort', stop);
    const saves = watchSaves(
      place.dir,
      (paths) => {
        events.push({ kind: 'saved', paths });
      },
      () => {
        events.push({ kind: 'gone' });
      },
    );
    const watch: Watch = {
      ...{ call, lab, place, whole: only === undefined, events },
      begin: () => runs.begin(),
    };
    try {
      if (lab.manifest.live) return await liveWatch(watch, wish);
      const sits = desk.keyboard.isTTY && desk.stdout.isTTY === true;
      return await (sits ? interactive(watch) : plain(watch));
    } finally {
      desk.signal.removeEventListener('abort', stop);
      saves.close();
      await runs.close();
    }
  },
};

/** In a pipe: one report per run. */
async function plain({ call, lab, place, whole, events, begin }: Watch): Promise<number> {
  const { words, print, desk } = call;
  const shown = shownPath(place.dir, desk.cwd);
  print(words.watch.started(shown === '.' ? place.dir : shown), '');
  let run = begin();
  for (;;) {
    const event = await events.next();
    switch (event.kind) {
      case 'saved':
        print(words.watch.changed(event.paths), '');
        run = begin();
        break;
      case 'gone':
        print(words.watch.gone(shown));
        return BROKEN;
      case 'stop':
        return INTERRUPTED;
      case 'key':
      case 'tick':
      case 'happened':
        break;
      default:
        if (event.run !== run) break;
        if (event.kind === 'bug') throw event.error;
        await printEvent(call, lab, whole, event);
    }
  }
}
