import { gzipSync } from 'node:zlib';
import { type BrowserContext, chromium } from 'playwright-core';
import { FLAGS } from '../../e2e/chromium.ts';
import { loadLab } from '../cli/labs/find.ts';
import { variantFolder } from '../labs/variants.ts';
import { textOf } from '../verify/folder.ts';
import { inFolder } from './commands.ts';
import type { Goal, Measurement } from './row.ts';
import { openTimed, type TimedPage } from './site-page.ts';
import type { SiteServer } from '../setup/site/server.ts';

const STARTS = 3;
const BUILDS = 3;
const CHECKS = 5;
/** Lines of so many keys: none is so long that it wraps. */
const [LINES, KEYS] = [5, 20];

const PLAYGROUND = '/livre/';
/** Of nothing but COPY, and its checks only look at images. */
const COPIED = 'o-que-e';
/** Its images in the order in which `imagens.Dockerfile` has them. */
const EXHIBITS = ['um', 'dois', 'tres', 'pecas', 'quatro', 'cinco'];

/** A browser tells of no shorter ones. */
const LONG = 50;

const atMost = (limit: number): Goal => ({ of: 'value', is: '<=', limit });

/** What of the workbench a learner waits for. */
export async function* workbenchTimes(
  program: string,
  server: SiteServer,
): AsyncGenerator<Measurement> {
  yield* starts(program, server);
  yield* await inFreshBrowser(program, async (context) =>
    typing(await openTimed(context, server.origin + PLAYGROUND)),
  );
  yield* await inFreshBrowser(program, async (context) =>
    checking(await openTimed(context, `${server.origin}/labs/${COPIED}/`)),
  );
}

function inFreshBrowser<T>(
  program: string,
  work: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const options = { executablePath: program, args: FLAGS };
    const context = await chromium.launchPersistentContext(folder, options);
    try {
      return await work(context);
    } finally {
      await context.close();
    }
  });
}

/** Cold: a browser that was never here. Warm: the same one, once more. */
async function* starts(program: string, server: SiteServer): AsyncGenerator<Measurement> {
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let start = 0; start < STARTS; start++) {
    await inFreshBrowser(program, async (context) => {
      for (const times of [cold, warm]) {
        const timed = await openTimed(context, server.origin + PLAYGROUND);
        times.push(await timed.open());
        await timed.page.close();
      }
    });
  }
  const row = (state: string, runs: readonly number[], limit: number): Measurement => ({
    ...{ id: `site.prompt-${state}`, name: `click to prompt, ${state}`, unit: 'ms', runs },
    goal: atMost(limit),
  });
  yield row('cold', cold, 2_000);
  yield row('warm', warm, 800);
}

async function typing(timed: TimedPage): Promise<readonly Measurement[]> {
  const { page } = timed;
  await timed.open();
  const blocks: number[] = [];
  for (let build = 0; build < BUILDS; build++) {
    await timed.ask('forgetTasks()');
    await timed.run(buildCommand(build));
    blocks.push(Math.max(LONG, await timed.ask<number>('longestTask()')));
  }
  const echoes: number[] = [];
  const type = async (wait: string): Promise<number> =>
    timed.timed<number>(wait, () => page.keyboard.press('x'));
  for (let line = 0; line < LINES; line++) {
    await page.locator('.term-screen:not([hidden]) .xterm-screen').click();
    for (let key = 0; key < KEYS; key++) echoes.push(await type('echo()'));
    await page.keyboard.press('Control+u');
    await timed.run('true');
  }
  await timed.ask('field()');
  const reference: number[] = [];
  for (let key = 0; key < LINES * KEYS; key++) reference.push(await type('fieldEcho()'));
  return [
    {
      ...{ id: 'site.block', name: 'longest task of the page while building (from 50 ms)' },
      ...{ unit: 'ms', runs: blocks, goal: atMost(LONG) },
    },
    {
      ...{ id: 'site.echo', name: 'key to echo; a text field', unit: 'ms', runs: echoes },
      ...{ reference, goal: atMost(30) },
    },
  ];
}

/** Something to fetch the first time, a process with much to say, and files; never the same twice. */
function buildCommand(build: number): string {
  const lines = [
    'FROM debian:trixie-slim',
    `RUN echo ${build}; find /usr -xdev | head -n 1000`,
    'COPY . /workspace',
  ];
  return `printf '${lines.join('\\n')}\\n' | docker build -t bench -f - .`;
}

/** Check, of a lab that is done: the first time, when all of it is built, and again. */
async function checking(timed: TimedPage): Promise<readonly Measurement[]> {
  const { page } = timed;
  await timed.open();
  await solve(timed);
  const button = page.locator('.wb-run');
  await page.getByRole('tab', { name: 'Verificar' }).click();
  const times: number[] = [];
  for (let check = 0; check <= CHECKS; check++) {
    const { ms, tone } = await timed.timed<{ ms: number; tone: string }>('verdict()', () =>
      button.click(),
    );
    if (tone !== 'ok') throw new Error(`${COPIED} is not solved: the verdict is ${tone}`);
    times.push(ms);
  }
  const [first = 0, ...again] = times;
  const id = `site.check-${COPIED}`;
  const name = `${COPIED}: Check, all of it from COPY`;
  return [
    { id: `${id}-first`, name: `${name}, first`, unit: 'ms', runs: [first] },
    { id, name, unit: 'ms', runs: again, goal: atMost(1_000) },
  ];
}

/** Writes the solution into the workspace, with the values that were drawn for it. */
async function solve(timed: TimedPage): Promise<void> {
  await timed.run("clear; grep -o ' AS [^ ]*' imagens.Dockerfile");
  const nonce = drawnNames(await timed.ask<string>('screen()'));
  const lab = await loadLab(COPIED);
  const folder = variantFolder(lab, 'solution', nonce);
  for (const path of lab.manifest.edit) {
    for (const command of writeCommands(path, textOf(folder, path) ?? '')) await timed.run(command);
  }
}

/** What `grep` says of the stages of `imagens.Dockerfile`, by the names that the lab has for them. */
export function drawnNames(screen: string): Readonly<Record<string, string>> {
  const names = [...screen.matchAll(/^ ?AS (\S+)$/gm)].map(([, name = '']) => name);
  if (names.length !== EXHIBITS.length) throw new Error(`which are the images? ${screen}`);
  // Planted by the check itself, and in no file of the solution that is written.
  return { ...Object.fromEntries(EXHIBITS.map((key, at) => [key, names[at] ?? ''])), carimbo: '' };
}

/** A shell's line takes a thousand letters. */
const LETTERS = 600;

/** Shell commands that write a text into a file. */
export function writeCommands(path: string, text: string): readonly string[] {
  const packed = gzipSync(text).toString('base64');
  const parts = packed.match(new RegExp(`.{1,${LETTERS}}`, 'g')) ?? [];
  return [
    ...parts.map((part, at) => `echo ${part} ${at === 0 ? '>' : '>>'}/tmp/packed`),
    `base64 -d /tmp/packed | gunzip >${path}`,
  ];
}
