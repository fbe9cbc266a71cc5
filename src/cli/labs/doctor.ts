import type { Call, LabCommand } from './command.ts';
import { dockerFindings } from './doctor-docker.ts';
import { ownFindings } from './doctor-here.ts';
import type { Finding } from './finding.ts';
import { liveLine } from './live-line.ts';
import { paintFor } from './paint.ts';
import { columnsOf, harmless, inked, padded, wrapped } from './text.ts';

/** Exit code when something is missing. */
const MISSING = 1;

/** `semdistro doctor`. */
export const doctorCommand: LabCommand = {
  name: 'doctor',
  options: { json: 'flag' },
  most: 0,
  run: (call) =>
    examine(call, [() => ownFindings(call.desk.env), () => dockerFindings(call.desk.env)]),
};

/** Shows findings, part by part: what looks at a network takes its time. Resolves to the exit code. */
export async function examine(
  call: Call,
  parts: readonly (() => Promise<readonly Finding[]>)[],
): Promise<number> {
  const { args, desk, language, words, print, view } = call;
  const live = liveLine(desk.stderr, paintFor(desk.stderr, desk.env), words.seconds);
  const all: Finding[] = [];
  try {
    for (const part of parts) {
      live.show(words.doctor.looking);
      const findings = await part();
      live.clear();
      all.push(...findings);
      if (!args.flag('json')) print(...findings.flatMap((finding) => linesOf(finding, call)));
    }
  } finally {
    live.clear();
  }
  const missing = all.filter(({ status }) => status === 'missing');
  if (args.flag('json')) {
    const findings = all.map(({ id, name, value, status, repair }) => ({
      ...{ id, name: name[language], status, value: value[language] },
      repair: repair?.[language] ?? null,
    }));
    print(JSON.stringify({ schema: 1, lang: language, findings }, null, 2));
  } else {
    const { paint } = view;
    const { fine, missing: lacks } = words.doctor;
    print('', missing.length === 0 ? paint.green(fine) : paint.red(lacks(missing.length)));
  }
  return missing.length === 0 ? 0 : MISSING;
}

/** Names are at most this long in both languages. */
const NAMES = 12;

function linesOf({ name, value, status, repair }: Finding, { view, language }: Call): string[] {
  const { paint, columns } = view;
  const mark = {
    ok: paint.green('✓'),
    note: paint.dim('–'),
    missing: paint.red('✗'),
  }[status];
  const width = Math.max(NAMES, columnsOf(name[language]));
  const room = columns === undefined ? Infinity : Math.max(20, columns - width - 5);
  const below = ' '.repeat(width + 4);
  const put = (text: string, first: string): string[] =>
    wrapped(harmless(text), room).map(
      (line, at) => `${at === 0 ? first : below}${inked(line, paint)}`,
    );
  return [
    ...put(value[language], `${mark} ${padded(name[language], width)}  `),
    ...(repair ? put(repair[language], `${' '.repeat(width + 2)}→ `) : []),
  ];
}
