import type { Call, LabCommand } from './command.ts';
import { readProgress, stateOf } from './progress.ts';
import { markOf } from './render-report.ts';
import { tableLines } from './table.ts';

/** `semdistro list`. */
export const listCommand: LabCommand = {
  name: 'list',
  options: { json: 'flag' },
  most: 0,
  async run(call) {
    const { args, language, print } = call;
    if (!args.flag('json')) {
      print(...(await listLines(call)));
      return 0;
    }
    const labs = (await rowsOf(call)).map(({ slug, manifest, state }) => ({
      ...{ lab: slug, lesson: manifest.lesson ?? null, status: state },
      ...{ title: manifest.title[language], goal: manifest.goal[language].trim() },
      ...{ difficulty: manifest.difficulty, minutes: manifest.minutes },
      engine: manifest.engine,
    }));
    print(JSON.stringify({ schema: 1, lang: language, labs }, null, 2));
    return 0;
  },
};

type Listing = Pick<Call, 'desk' | 'language' | 'words' | 'view'>;

/** All labs as a table, with what was done of them and what comes next. */
export async function listLines(call: Listing): Promise<readonly string[]> {
  const { language, words, view } = call;
  const rows = await rowsOf(call);
  if (rows.length === 0) return [words.list.none];
  const [head = '', ...lines] = tableLines(
    [
      [' ', ...words.list.columns, ''],
      ...rows.map(({ slug, manifest, state }) => [
        state === 'passed' ? '✓' : '',
        `${manifest.lesson ?? ''}`,
        slug,
        manifest.title[language],
        '●'.repeat(manifest.difficulty) + '○'.repeat(3 - manifest.difficulty),
        words.minutes(manifest.minutes),
        state === 'new' ? '' : words.list.state[state],
      ]),
    ],
    view.columns,
    3,
  );
  // A playground has nothing to pass.
  const counted = rows.filter(({ manifest }) => manifest.lesson !== undefined);
  const passed = counted.filter(({ state }) => state === 'passed');
  const next = counted.find(({ state }) => state !== 'passed');
  return [
    view.paint.bold(head),
    ...lines.map((line) => line.replace(/^✓/, markOf('pass', view.paint))),
    '',
    words.list.count(passed.length, counted.length),
    ...(next ? [words.list.next(next.slug)] : []),
  ];
}

async function rowsOf({ desk }: Listing) {
  const progress = await readProgress(desk.home);
  return (await desk.labs()).map(({ slug, manifest }) => ({
    ...{ slug, manifest },
    state: stateOf(progress.get(slug)),
  }));
}
