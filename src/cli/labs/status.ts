import type { Call, LabCommand } from './command.ts';
import type { FoundLab } from './find.ts';
import { shownPath } from './marker.ts';
import { type LabProgress, nothingYet, readProgress, stateOf } from './progress.ts';
import { tableLines } from './table.ts';

/** `semdistro status`. */
export const statusCommand: LabCommand = {
  name: 'status',
  options: { json: 'flag' },
  most: 0,
  async run(call) {
    const { args, desk, language, words, print } = call;
    const progress = await readProgress(desk.home);
    const all = (await desk.labs()).map((lab) => ({
      lab,
      done: progress.get(lab.slug) ?? nothingYet,
    }));
    const counted = all.filter(({ lab }) => lab.manifest.lesson !== undefined);
    const passed = counted.filter(({ done }) => stateOf(done) === 'passed').length;
    if (args.flag('json')) {
      const labs = all.map(({ lab, done }) => ({
        ...{ lab: lab.slug, title: lab.manifest.title[language], status: stateOf(done) },
        ...{ started: done.started ?? null, passed: done.passed ?? null, runs: done.runs },
        ...{ hints: { given: done.hints, of: lab.manifest.hints.length } },
        ...{ folder: done.folder ?? null, last: done.last ?? null },
      }));
      const sum = { passed, of: counted.length };
      print(JSON.stringify({ schema: 1, lang: language, ...sum, labs }, null, 2));
      return 0;
    }
    const begun = all.filter(({ done }) => stateOf(done) !== 'new');
    print(...(begun.length === 0 ? [words.status.none] : await statusLines(call, begun)));
    print('', words.list.count(passed, counted.length));
    return 0;
  },
};

async function statusLines(
  { desk, language, words, view }: Call,
  begun: readonly { readonly lab: FoundLab; readonly done: LabProgress }[],
): Promise<readonly string[]> {
  const { paint } = view;
  const [head = '', ...lines] = tableLines(
    [
      words.status.columns,
      ...begun.map(({ lab, done }) => {
        const at = done.passed ?? done.last?.at ?? done.started;
        return [
          lab.slug,
          words.list.state[stateOf(done)],
          `${done.runs}`,
          `${done.hints.length}/${lab.manifest.hints.length}`,
          at === undefined ? '' : words.date(new Date(at)),
        ];
      }),
    ],
    view.columns,
    0,
  );
  const below = await Promise.all(
    begun.map(async ({ lab, done }) => {
      const failing = done.last?.status === 'fail' ? done.last.failed[0] : undefined;
      const title =
        failing === undefined
          ? undefined
          : (await desk.lab(lab.slug)).verifier.checks.find(({ id }) => id === failing)?.title;
      return [
        ...(title ? [words.status.failing(title[language])] : []),
        ...(done.folder === undefined
          ? []
          : [words.status.folder(shownPath(done.folder, desk.cwd))]),
      ].map((line) => `  ${paint.dim(line)}`);
    }),
  );
  return [paint.bold(head), ...lines.flatMap((line, at) => [line, ...(below[at] ?? [])])];
}
