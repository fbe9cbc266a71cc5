import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { semdistro } from '../cli/command-line.ts';
import { runLabCommand, type LabCommand } from '../cli/labs/command.ts';
import type { Desk } from '../cli/labs/desk.ts';
import { readFolder } from '../cli/labs/folder.ts';
import { makeLab } from '../labs/lab.ts';
import { drawn } from '../verify/nonce.ts';
import { type Engine, EngineTrouble } from '../verify/engine.ts';
import { type Folder, textOf, withFiles } from '../verify/folder.ts';
import type { Verifier } from '../verify/check.ts';
import { verbatim } from '../verify/words.ts';
import { NOTHING_LIVE } from './verify-engine.ts';

/** A lab as the repository could have it, with a wrong start, one answer, and all that a check can come to. */
const MANIFEST = `
lesson: 4
title: { pt-BR: 'A palavra', en: The word }
goal: { pt-BR: 'Escreva a palavra em \`answer.txt\`.', en: 'Write the word into \`answer.txt\`.' }
difficulty: 2
minutes: 20
edit: [answer.txt]
engine: { processes: false, images: [] }
nonce: { word: { kind: word, per: start } }
templates: [answer.txt, word.txt]
hints:
  - { id: first, check: there, text: { pt-BR: 'É um arquivo.', en: It is a file. } }
  - { id: look, check: word, text: { pt-BR: 'Olhe \`word.txt\`.', en: 'Look at \`word.txt\`.' } }
  - { id: closer, check: word, text: { pt-BR: 'Mais de perto.', en: Closer. } }
start: { check: word, says: nothing }
wrong:
  other: { check: word, says: other, about: { pt-BR: Outra palavra, en: Another word } }
`;

const PLAYGROUND = `
title: { pt-BR: Livre, en: Free }
goal: { pt-BR: 'Experimente.', en: Try things. }
difficulty: 1
minutes: 10
edit: ['**']
engine: { processes: false, images: [] }
`;

/** What a check is told to do by a file in the learner's folder: it stands for an engine's moods. */
const verifier: Verifier = {
  checks: [
    {
      id: 'there',
      title: { 'pt-BR': 'O arquivo existe', en: 'The file is there' },
      async run({ folder, signal }) {
        if (folder.has('hang')) await aborted(signal);
        if (folder.has('trouble')) throw trouble;
        return folder.has('answer.txt')
          ? { status: 'pass' }
          : { status: 'fail', expected: verbatim('answer.txt'), found: verbatim('no file') };
      },
    },
    {
      id: 'word',
      title: { 'pt-BR': 'A palavra está nele', en: 'The word is in it' },
      needs: ['there'],
      async run({ folder, nonce }) {
        const found = textOf(folder, 'answer.txt')?.trim() ?? '';
        if (found === drawn(nonce, 'word')) return { status: 'pass' };
        return {
          status: 'fail',
          expected: { 'pt-BR': 'a palavra de `word.txt`', en: 'the word of `word.txt`' },
          found: verbatim(found),
          where: { source: { file: 'answer.txt', line: 1 } },
        };
      },
    },
    {
      id: 'extra',
      title: { 'pt-BR': 'Nada mais', en: 'Nothing else' },
      needs: ['word'],
      run: async () => ({
        status: 'skip',
        why: { 'pt-BR': 'aqui não se aplica', en: 'it does not apply here' },
      }),
    },
  ],
};

/** Trouble that is not the learner's fault, in both languages. */
export const trouble = new EngineTrouble(
  'no-engine',
  { 'pt-BR': 'nenhum motor responde', en: 'no engine answers' },
  { advice: { 'pt-BR': 'Ligue o Docker.', en: 'Start Docker.' } },
);

const nothing: Folder = new Map();

export const wordLab = makeLab({
  slug: 'word',
  verifier,
  files: withFiles(nothing, {
    'lab.yaml': MANIFEST,
    'start/answer.txt': 'nothing\n',
    'start/word.txt': 'The word is {{word}}.\n',
    'solution/answer.txt': '{{word}}\n',
    'wrong/other/answer.txt': 'other\n',
  }),
});

const freeLab = makeLab({
  slug: 'free',
  verifier: undefined,
  files: withFiles(nothing, { 'lab.yaml': PLAYGROUND, 'start/Dockerfile': 'FROM scratch\n' }),
});

const LABS = [wordLab, freeLab];

/** A desk in a folder of its own, that remembers what was written to it. */
export interface LabDesk {
  /** Where the commands are called; `home` is beside it. */
  readonly cwd: string;
  /** Runs `semdistro COMMAND ARGS…`; an ARG `in:FOLDER` before all others says where. */
  run(command: LabCommand, ...args: readonly string[]): Promise<Said>;
  /** Engines that were opened and not closed yet. */
  readonly open: () => number;
  readonly opened: () => number;
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface LabDeskOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What somebody types; without it nobody sits there. */
  readonly line?: string;
  /** Writes to a terminal of 60 columns. */
  readonly terminal?: boolean;
  readonly noEngine?: boolean;
}

/** A working directory that goes with the test. */
export function labDesk(options: LabDeskOptions = {}): LabDesk {
  const root = mkdtempSync(join(tmpdir(), 'semdistro-labs-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  let out = '';
  let err = '';
  let open = 0;
  let opened = 0;
  const terminal = options.terminal === true ? { isTTY: true, columns: 60, rows: 24 } : {};
  const make = (cwd: string): Desk => ({
    stdout: { write: (text) => (out += text), ...terminal },
    stderr: { write: (text) => (err += text) },
    keyboard: {
      isTTY: options.line !== undefined,
      line: async () => options.line,
      keys: () => () => undefined,
    },
    cwd,
    env: options.env ?? {},
    home: join(root, 'home'),
    labs: async () => LABS,
    lab: async (slug) => {
      const lab = LABS.find((one) => one.slug === slug);
      if (!lab) throw new Error(`no lab ${slug}`);
      return lab;
    },
    async openEngine() {
      if (options.noEngine === true) throw trouble;
      open++;
      opened++;
      return {
        ...fakeEngine,
        close: async () => {
          open--;
        },
      };
    },
    readFolder: (dir, always) => readFolder(dir, { always }),
    now: () => new Date('2026-03-04T15:06:07Z'),
    onResize: () => () => undefined,
    signal: new AbortController().signal,
  });
  return {
    cwd: root,
    open: () => open,
    opened: () => opened,
    async run(command, ...args) {
      out = '';
      err = '';
      const folder = args[0]?.startsWith('in:') === true ? args[0].slice('in:'.length) : '';
      const rest = folder === '' ? args : args.slice(1);
      const desk = make(join(root, folder));
      const code = await semdistro([command.name, ...rest], {
        ...{ version: '0', language: 'en', stdout: desk.stdout, stderr: desk.stderr },
        subcommands: [
          {
            ...{ name: command.name, part: 'labs', summary: verbatim(''), examples: [] },
            load: async () => (words) => runLabCommand(command, words, desk),
          },
        ],
      });
      return { code, out, err };
    },
  };
}

const refuse = async (): Promise<never> => {
  throw new Error('the checks of this lab ask nothing of an engine');
};

const fakeEngine: Engine = {
  ...{ kind: 'docker', version: '99.1', platform: 'linux/amd64' },
  ...{ build: refuse, image: refuse, run: refuse, close: async () => undefined },
  live: () => NOTHING_LIVE,
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
