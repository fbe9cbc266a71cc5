import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labDesk } from '../../testing/lab-desk.ts';
import type { LabCommand } from './command.ts';
import { hintCommand } from './hint.ts';
import { listCommand } from './list.ts';
import { resetCommand } from './reset.ts';
import { solutionCommand } from './solution.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch/watch.ts';
import { commandWords } from './words/index.ts';

const commands = [
  ...[listCommand, startCommand, verifyCommand, watchCommand, hintCommand],
  ...[solutionCommand, resetCommand, statusCommand],
];

interface Case {
  readonly command: LabCommand;
  readonly args: readonly string[];
  readonly en: string;
  readonly pt: string;
}

/** Called in a folder with: a started lab in word/, a file, a folder, a folder whose marker is damaged, one of a lab that is gone. */
const cases: readonly Case[] = [
  {
    ...{ command: startCommand, args: [] },
    en: 'which lab?\nName it, as in `semdistro start go-static`.',
    pt: 'qual laboratório?\nEscreva o nome, como em `semdistro start go-static`.',
  },
  {
    ...{ command: startCommand, args: ['wrod'] },
    en: 'there is no lab "wrod". Did you mean word?\n`semdistro list` shows them all.',
    pt: 'não existe um laboratório "wrod". Você quis dizer word?\n`semdistro list` mostra todos.',
  },
  {
    ...{ command: verifyCommand, args: ['kubernetes'] },
    en: 'there is no lab "kubernetes".\n',
    pt: 'não existe um laboratório "kubernetes".\n',
  },
  {
    ...{ command: startCommand, args: ['word', 'file'] },
    en: 'file is a file, not a folder',
    pt: 'file é um arquivo, não uma pasta',
  },
  {
    ...{ command: startCommand, args: ['word', 'file/below'] },
    en: 'file/below is a file, not a folder',
    pt: 'file/below é um arquivo, não uma pasta',
  },
  {
    ...{ command: startCommand, args: ['word', 'a', 'b'] },
    en: '"b" is one argument too many\nSee `semdistro start --help`.',
    pt: '"b" está sobrando\nVeja `semdistro start --help`.',
  },
  {
    ...{ command: verifyCommand, args: [] },
    en: 'is not the folder of a lab\nGo to the folder that `semdistro start` made',
    pt: 'não é a pasta de um laboratório\nEntre na pasta que o `semdistro start` fez',
  },
  {
    ...{ command: watchCommand, args: [] },
    en: 'is not the folder of a lab\n',
    pt: 'não é a pasta de um laboratório\n',
  },
  {
    ...{ command: resetCommand, args: [] },
    en: 'is not the folder of a lab\n',
    pt: 'não é a pasta de um laboratório\n',
  },
  {
    ...{ command: hintCommand, args: [] },
    en: 'which lab?\n',
    pt: 'qual laboratório?\n',
  },
  {
    ...{ command: verifyCommand, args: ['free'] },
    en: 'cannot find your folder of the lab free\nBegin with `semdistro start free`',
    pt: 'não achei a sua pasta do laboratório free\nComece com `semdistro start free`',
  },
  {
    ...{ command: verifyCommand, args: ['free', '--dir', 'word'] },
    en: 'this folder is of the lab word, not of free\n',
    pt: 'esta pasta é do laboratório word, não do free\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--dir', 'nowhere'] },
    en: 'there is no folder nowhere\n',
    pt: 'a pasta nowhere não existe\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--dir', 'file'] },
    en: 'file is a file, not a folder\n',
    pt: 'file é um arquivo, não uma pasta\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--dir', 'folder'] },
    en: 'the lab word has values drawn for you alone, and this folder has none\n',
    pt: 'o laboratório word tem valores sorteados só para você, e esta pasta não tem nenhum\n',
  },
  {
    ...{ command: verifyCommand, args: ['--dir', 'damaged'] },
    en: 'damaged/.semdistro/lab.json\n`semdistro start` writes it.',
    pt: 'damaged/.semdistro/lab.json\nEle é escrito pelo `semdistro start`.',
  },
  {
    ...{ command: verifyCommand, args: ['--dir', 'gone'] },
    en: 'this folder is of the lab past, which this installation does not have\n',
    pt: 'esta pasta é do laboratório past, que não existe nesta instalação\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--engine', 'dokcer'] },
    en: 'there is no engine "dokcer". Did you mean docker?\nThe engines are auto,',
    pt: 'não existe um motor "dokcer". Você quis dizer docker?\nOs motores são auto,',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--engine'] },
    en: '--engine must be followed by an engine\n',
    pt: 'falta dizer o que vem depois de --engine: um motor\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--dir', '--json'] },
    en: '--dir must be followed by a folder\n',
    pt: 'falta dizer o que vem depois de --dir: uma pasta\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--only', 'wrod'] },
    en: 'this lab has no check "wrod". Did you mean word?\nIts checks: there, word, extra.',
    pt: 'este laboratório não tem uma checagem "wrod". Você quis dizer word?\nAs dele: there,',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--json', '--junit'] },
    en: '--json and --junit do not go together: choose one\n',
    pt: '--json e --junit não andam juntos: escolha um\n',
  },
  {
    ...{ command: verifyCommand, args: ['word', '--jsn'] },
    en: 'there is no option --jsn. Did you mean --json?\n',
    pt: 'não conheço a opção --jsn. Você quis dizer --json?\n',
  },
  {
    ...{ command: listCommand, args: ['--json=yes'] },
    en: '--json takes nothing after a =\n',
    pt: 'a opção --json não leva nada depois do =\n',
  },
  {
    ...{ command: solutionCommand, args: ['word'] },
    en: 'the solution of word is shown once your answer has passed\n',
    pt: 'a solução de word aparece depois que a sua resposta passar\n',
  },
];

describe.each([
  ['en', 'C.UTF-8'],
  ['pt', 'pt_BR.UTF-8'],
] as const)(
  'a command that is misused says so in one message, with what to do: %s',
  (key, locale) => {
    it.each(cases.map((one) => [`${one.command.name} ${one.args.join(' ')}`, one] as const))(
      '%s',
      async (_, one) => {
        const here = labDesk({ env: { LANG: locale } });
        await here.run(startCommand, 'word');
        writeFileSync(join(here.cwd, 'file'), '');
        mkdirSync(join(here.cwd, 'folder'));
        writeMarker(join(here.cwd, 'damaged'), '{');
        const gone = { schema: 1, lab: 'past', version: '', lang: 'en', nonce: {}, started: '' };
        writeMarker(join(here.cwd, 'gone'), JSON.stringify(gone));
        const { code, out, err } = await here.run(one.command, ...one.args);
        expect({ code, out }).toEqual({ code: 2, out: '' });
        expect(err).toMatch(new RegExp(`^semdistro ${one.command.name}: `));
        expect(err).toContain(one[key]);
        expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
      },
    );
  },
);

it('a language that there is not is refused, one that there is taken in any spelling', async () => {
  const here = labDesk();
  expect((await here.run(listCommand, '--lang', 'fr')).err).toBe(
    'semdistro list: there is no language "fr"\nThe languages are pt-BR and en.\n',
  );
  for (const name of ['pt', 'pt-br', 'pt_BR', 'PT-BR']) {
    expect((await here.run(listCommand, '--lang', name)).out).toContain('AULA');
  }
  expect((await here.run(listCommand, '--lang=en-US')).out).toContain('LESSON');
});

it.each(commands.map((command) => [command.name, command] as const))(
  '%s explains itself in both languages, in 80 columns',
  async (name, command) => {
    const here = labDesk();
    for (const [lang, usage] of [
      ['en', 'Usage:'],
      ['pt-BR', 'Uso:'],
    ] as const) {
      const { code, out } = await here.run(command, '--help', '--lang', lang);
      expect(code).toBe(0);
      expect(out).toContain(`${usage}  semdistro ${name}`);
      expect(out).toBe(commandWords[lang].help[name]);
      for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  },
);

function writeMarker(dir: string, text: string): void {
  mkdirSync(join(dir, '.semdistro'), { recursive: true });
  writeFileSync(join(dir, '.semdistro', 'lab.json'), text);
}
