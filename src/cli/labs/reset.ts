import { folderOf } from './chosen-lab.ts';
import type { LabCommand } from './command.ts';
import { shownPath } from './marker.ts';
import { resetFolder } from './reset-folder.ts';
import { forgetSteps } from './steps.ts';
import { misuse } from './trouble.ts';

/** `semdistro reset`. */
export const resetCommand: LabCommand = {
  name: 'reset',
  options: { dir: 'text', yes: 'flag' },
  most: 1,
  async run(call) {
    const { args, desk, words, print } = call;
    const { found, dir, marker } = await folderOf(call, 'reset');
    const shown = shownPath(dir, desk.cwd);
    // Only what `start` made is ours to put back.
    if (!marker) throw misuse('not-a-lab', words.trouble.notLabFolder('reset', shown));
    if (!args.flag('yes')) {
      if (!desk.keyboard.isTTY) throw misuse('needs-yes', words.reset.needsYes);
      desk.stdout.write(words.reset.question(shown === '.' ? dir : shown));
      const answer = await desk.keyboard.line();
      if (answer === undefined) print('');
      if (answer?.trim().toLowerCase().startsWith(words.yes) !== true) {
        print(words.reset.kept);
        return 0;
      }
    }
    const lab = await desk.lab(found.slug);
    const backup = await resetFolder(lab, { dir, marker }, desk.now());
    if (lab.manifest.live) await forgetSteps(desk, lab);
    print(words.reset.done(backup && shownPath(backup, desk.cwd)));
    return 0;
  },
};
