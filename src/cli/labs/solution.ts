import type { Lab } from '../../labs/lab.ts';
import { layered, variantFolder } from '../../labs/variants.ts';
import type { Folder } from '../../verify/folder.ts';
import type { Call, LabCommand } from './command.ts';
import { folderIfAny, labOf } from './chosen-lab.ts';
import { shownPath } from './marker.ts';
import type { Paint } from './paint.ts';
import { readProgress, stateOf } from './progress.ts';
import { harmless } from './text.ts';
import { misuse } from './trouble.ts';
import { unifiedDiff } from './unified-diff.ts';
import { readAnswer } from './verification.ts';

/** `semdistro solution`. */
export const solutionCommand: LabCommand = {
  name: 'solution',
  options: { dir: 'text', spoil: 'flag' },
  most: 1,
  async run(call) {
    const { args, desk, words, note, print, view } = call;
    const { slug } = await labOf(call, 'solution');
    const lab = await desk.lab(slug);
    if (lab.verifier.checks.length === 0) {
      print(words.solution.none);
      return 0;
    }
    const passed = stateOf((await readProgress(desk.home)).get(slug)) === 'passed';
    if (!passed && !args.flag('spoil')) {
      throw misuse('solution-locked', words.solution.locked(slug));
    }
    const place = await folderIfAny(call, 'solution');
    const nonce = place?.nonce ?? {};
    const solution = place?.marker
      ? variantFolder(lab, 'solution', nonce)
      : layered(lab, 'solution');
    const yours = place ? (await readAnswer(desk, lab, place.dir)).folder : lab.start;
    const diffs = diffsBetween(lab, yours, solution, call);
    if (diffs.length === 0) {
      print(words.solution.same);
      return 0;
    }
    // Not part of the diff, which `git apply` can read.
    note(
      place ? words.solution.intro(shownPath(place.dir, desk.cwd)) : words.solution.introStart,
      '',
    );
    desk.stdout.write(diffs.map((diff) => colored(diff, view.paint)).join(''));
    return 0;
  },
};

/** File by file, as far as the solution has to do with it: what a learner made besides is theirs. */
function diffsBetween(
  { start }: Lab,
  yours: Folder,
  solution: Folder,
  { words, view }: Call,
): readonly string[] {
  const paths = [...new Set([...start.keys(), ...solution.keys()])].sort();
  return paths.flatMap((path) => {
    const [from, to] = [yours.get(path)?.bytes, solution.get(path)?.bytes];
    if (isBinary(from) || isBinary(to)) {
      return same(from, to) ? [] : [`${words.solution.binary(path)}\n`];
    }
    const decode = (bytes: Uint8Array | undefined): string | undefined =>
      bytes && new TextDecoder().decode(bytes);
    const diff = unifiedDiff(path, decode(from), decode(to));
    // In a pipe it is the files' own bytes, for a program to apply.
    return diff === '' ? [] : [view.columns === undefined ? diff : harmless(diff)];
  });
}

function isBinary(bytes: Uint8Array | undefined): boolean {
  return bytes?.includes(0) ?? false;
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a?.length === b?.length && (a?.every((byte, at) => byte === b?.[at]) ?? true);
}

function colored(diff: string, paint: Paint): string {
  if (!paint.on) return diff;
  return diff
    .split('\n')
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return paint.bold(line);
      if (line.startsWith('@@')) return paint.cyan(line);
      if (line.startsWith('+')) return paint.green(line);
      return line.startsWith('-') ? paint.red(line) : line;
    })
    .join('\n');
}
