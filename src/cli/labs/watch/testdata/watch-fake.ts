// `semdistro watch` on a lab without an engine worth the name: DIR HOME [ENGINES], the last a file that
// gets a line when an engine is opened and when it is closed.
import { appendFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { EngineError } from '../../../../engine/errors.ts';
import { makeLab } from '../../../../labs/lab.ts';
import { type Folder, textOf, withFiles } from '../../../../verify/folder.ts';
import { verbatim } from '../../../../verify/words.ts';
import { runLabCommand } from '../../command.ts';
import { withNodeDesk } from '../../node-desk.ts';
import { startCommand } from '../../start.ts';
import { watchCommand } from '../watch.ts';

const [cwd = '', home = '', engines = ''] = argv.slice(2);
const none: Folder = new Map();
const lab = makeLab({
  slug: 'word',
  verifier: {
    checks: [
      {
        id: 'word',
        title: { 'pt-BR': 'A palavra', en: 'The word' },
        async run({ folder, signal }) {
          const found = textOf(folder, 'answer.txt')?.trim() ?? '';
          if (found === 'slow') {
            await new Promise((resolve) => {
              signal.addEventListener('abort', resolve);
            });
          }
          if (found === 'right') return { status: 'pass' };
          return { status: 'fail', expected: verbatim('right'), found: verbatim(found) };
        },
      },
    ],
  },
  files: withFiles(none, {
    'lab.yaml': `
lesson: 1
title: { pt-BR: A palavra, en: The word }
goal: { pt-BR: Escreva., en: Write. }
difficulty: 1
minutes: 1
edit: [answer.txt]
engine: { processes: false, images: [] }
hints: [{ id: look, check: word, text: { pt-BR: Olhe., en: Look closely. } }]
start: { check: word, says: wrong }
`,
    'start/answer.txt': 'wrong\n',
    'solution/answer.txt': 'right\n',
  }),
});

try {
  const code = await withNodeDesk({ stdout, stderr }, async (desk) => {
    const here = {
      ...desk,
      ...{ cwd, home, labs: async () => [lab], lab: async () => lab },
      openEngine: async () => {
        appendFileSync(engines, 'opened\n');
        return {
          ...({ kind: 'embedded', version: '1', platform: 'linux/386' } as const),
          ...{ build: never, image: never, run: never, live: nobody },
          close: async () => {
            appendFileSync(engines, 'closed\n');
          },
        };
      },
    };
    const quiet = { ...here, stdout: { write: () => true } };
    await runLabCommand(startCommand, ['word', '.'], quiet);
    return runLabCommand(watchCommand, [], here);
  });
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  stderr.write(`${error.message}\n`);
  exit(error.exitCode);
}

async function never(): Promise<never> {
  return nobody();
}

function nobody(): never {
  throw new Error('nobody asks this engine');
}
