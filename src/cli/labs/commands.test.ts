import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labDesk, type LabDesk } from '../../testing/lab-desk.ts';
import { hintCommand } from './hint.ts';
import { listCommand } from './list.ts';
import { resetCommand } from './reset.ts';
import { solutionCommand } from './solution.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

/** A folder of the lab `word`, started. */
async function started(options: Parameters<typeof labDesk>[0] = {}): Promise<LabDesk> {
  const here = labDesk(options);
  expect((await here.run(startCommand, 'word')).code).toBe(0);
  return here;
}

const fileIn = (here: LabDesk, path: string): string => join(here.cwd, 'word', path);
const textIn = (here: LabDesk, path: string): string => readFileSync(fileIn(here, path), 'utf8');

/** The answer of whoever did the lab. */
function solve(here: LabDesk): void {
  const word = /is (.*)\./.exec(textIn(here, 'word.txt'))?.[1] ?? '';
  writeFileSync(fileIn(here, 'answer.txt'), `${word}\n`);
}

describe('start', () => {
  it('makes a folder with the files, a page with goal and commands, and what it needs to be known', async () => {
    const here = await started();
    expect(readdirSync(join(here.cwd, 'word')).sort()).toEqual([
      ...['.semdistro', 'README.md', 'answer.txt', 'word.txt'],
    ]);
    expect(textIn(here, 'word.txt')).toMatch(/^The word is [a-z]+-[0-9a-f]{4}\.\n$/);
    expect(textIn(here, 'README.md')).toContain('# The word\n\nWrite the word into `answer.txt`.');
    expect(textIn(here, 'README.md')).toContain('- The word is in it\n');
    expect(textIn(here, 'README.md')).toContain('semdistro verify');
  });

  it('says what was made, what to edit and what to type', async () => {
    const { out } = await labDesk().run(startCommand, 'word', 'my folder');
    expect(out).toContain('Ready: the lab word is in my folder\n');
    expect(out).toContain('  answer.txt  ← yours to edit\n');
    expect(out).toContain('  word.txt\n');
    expect(out).toContain("  cd 'my folder'\n  semdistro watch");
  });

  it('speaks Portuguese, on the screen and in the folder', async () => {
    const here = labDesk({ env: { LANG: 'pt_BR.UTF-8' } });
    const { out } = await here.run(startCommand, 'word');
    expect(out).toContain('Pronto: o laboratório word está em word\n');
    expect(textIn(here, 'LEIA-ME.md')).toContain('## O que vai ser verificado');
    expect(existsSync(fileIn(here, 'README.md'))).toBe(false);
  });

  it('gives each folder a word of its own', async () => {
    const here = labDesk();
    await here.run(startCommand, 'word', 'a');
    await here.run(startCommand, 'word', 'b');
    const [a, b] = ['a', 'b'].map((dir) => readFileSync(join(here.cwd, dir, 'word.txt'), 'utf8'));
    expect(a).not.toBe(b);
  });

  it('leaves a folder alone that has something in it, and takes one with a repository only', async () => {
    const here = labDesk();
    mkdirSync(join(here.cwd, 'word'));
    mkdirSync(join(here.cwd, 'word', '.git'));
    writeFileSync(fileIn(here, 'thesis.txt'), '');
    const { code, err } = await here.run(startCommand, 'word');
    expect({ code, err }).toEqual({
      code: 2,
      err: 'semdistro start: word has something in it already (thesis.txt), and nothing of yours is touched\nChoose another folder: semdistro start LAB FOLDER\n',
    });
    expect(readdirSync(join(here.cwd, 'word'))).toEqual(['.git', 'thesis.txt']);
    mkdirSync(join(here.cwd, 'b', '.git'), { recursive: true });
    expect((await here.run(startCommand, 'word', 'b')).code).toBe(0);
  });

  it('goes on with a start that was killed: same values, and nothing edited is lost', async () => {
    const here = await started();
    const word = textIn(here, 'word.txt');
    // As if it had been killed before its end.
    const marker = textIn(here, '.semdistro/lab.json');
    writeFileSync(fileIn(here, '.semdistro/starting.json'), marker);
    rmSync(fileIn(here, '.semdistro/lab.json'));
    rmSync(fileIn(here, 'word.txt'));
    writeFileSync(fileIn(here, 'answer.txt'), 'mine\n');
    expect((await here.run(startCommand, 'word')).code).toBe(0);
    expect(textIn(here, 'word.txt')).toBe(word);
    expect(textIn(here, 'answer.txt')).toBe('mine\n');
    expect(textIn(here, '.semdistro/lab.json')).toBe(marker);
  });

  it('a folder that is made is made, even where that cannot be remembered', async () => {
    const here = labDesk();
    writeFileSync(join(here.cwd, 'home'), 'a file in the way');
    const { code, out, err } = await here.run(startCommand, 'word');
    expect(code).toBe(0);
    expect(out).toContain('Ready: the lab word is in word\n');
    expect(err).toContain('this could not be written down: a file is in the way');
  });

  it('starts no lab twice in a folder, and none inside another', async () => {
    const here = await started();
    expect((await here.run(startCommand, 'word')).err).toContain('was started in word already');
    expect((await here.run(startCommand, 'in:word', 'free')).err).toContain(
      'this is inside the folder of the lab word',
    );
  });
});

describe('verify', () => {
  it('says what was expected, found, where, and which hint helps; exit code 1', async () => {
    const here = await started();
    const { code, out, err } = await here.run(verifyCommand, 'in:word');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.replace(/\d+\.\d s/, '0 s')).toBe(`word · The word
engine: docker 99.1 (linux/amd64)

✓ The file is there
✗ The word is in it
    expected: the word of \`word.txt\`
    found:    nothing
    where:    answer.txt, line 1
    hint:     look (read it with \`semdistro hint\`)
– Nothing else (depends on “The word is in it”)

Not yet. 1 passed, 1 failed, 1 skipped · 0 s
`);
  });

  it('in Portuguese', async () => {
    const here = await started();
    const { out } = await here.run(verifyCommand, 'word', '--lang', 'pt');
    expect(out).toContain('✗ A palavra está nele\n    esperado:   a palavra de `word.txt`\n');
    expect(out).toContain('    onde:       answer.txt, linha 1\n');
    expect(out).toMatch(/Ainda não\. 1 passou, 1 falhou, 1 pulada · \d,\d s\n$/);
  });

  it('passes what is right; exit code 0, and the engine is closed', async () => {
    const here = await started();
    solve(here);
    const { code, out } = await here.run(verifyCommand, 'in:word');
    expect(code).toBe(0);
    expect(out).toContain('That is right. Well done! 2 passed, 1 skipped');
    expect(out).toContain('semdistro solution word');
    expect(here.open()).toBe(0);
  });

  it('finds the folder of LAB from elsewhere: below, beside, or where it was started', async () => {
    const here = await started();
    mkdirSync(fileIn(here, 'deep/er'), { recursive: true });
    expect((await here.run(verifyCommand, 'in:word/deep/er')).code).toBe(1);
    expect((await here.run(verifyCommand, 'word')).code).toBe(1);
    mkdirSync(join(here.cwd, 'elsewhere'));
    expect((await here.run(verifyCommand, 'in:elsewhere', 'word')).code).toBe(1);
    expect((await here.run(verifyCommand, 'in:elsewhere', '--dir', '../word')).code).toBe(1);
  });

  it('--only runs a check with those it needs, which passes no lab', async () => {
    const here = await started();
    const { code, out } = await here.run(verifyCommand, 'word', '--only', 'there');
    expect(code).toBe(0);
    expect(out).toContain('What you asked for passes.');
    expect(out).not.toContain('The word is in it');
    expect((await here.run(verifyCommand, 'word', '--only', 'word')).out).toContain(
      '✓ The file is there\n✗ The word is in it',
    );
    expect((await here.run(solutionCommand, 'word')).code).toBe(2);
  });

  it('colours on a terminal, and never with NO_COLOR; backticks become colour', async () => {
    const colours = await started({ terminal: true });
    const { out } = await colours.run(verifyCommand, 'word');
    expect(out).toContain('\u001b[31m✗\u001b[39m The word is in it');
    expect(out).toContain('\u001b[36mword.txt\u001b[39m');
    const plain = await started({ terminal: true, env: { NO_COLOR: '1' } });
    const { out: text } = await plain.run(verifyCommand, 'word');
    expect(text).not.toContain('\u001b');
    expect(text).toContain('the word of `word.txt`');
  });

  it('shows what a learner’s program printed without letting it move the cursor', async () => {
    const here = await started({ terminal: true });
    writeFileSync(fileIn(here, 'answer.txt'), '\u001b[2J\u001b]0;title\u0007\rhaha\u202e');
    const { out } = await here.run(verifyCommand, 'word');
    expect(out).toMatch(/found:.*�?haha�/);
    for (const escape of ['\u001b[2J', '\u001b]0', '\r', '\u202e'])
      expect(out).not.toContain(escape);
  });

  it('what is broken is not the answer’s fault: exit code 2', async () => {
    const here = await started();
    writeFileSync(fileIn(here, 'trouble'), '');
    const { code, out } = await here.run(verifyCommand, 'word');
    expect(code).toBe(2);
    expect(out).toContain('! The file is there\n    why:    no engine answers\n');
    expect(out).toContain('    repair: Start Docker.\n');
    expect(out).toContain(
      'This could not be checked: something is broken, and it is not your answer.',
    );
    expect(out).not.toContain('✗');
  });

  it('without an engine says so, and what to do', async () => {
    const here = await started({ noEngine: true });
    expect(await here.run(verifyCommand, 'word', '--lang=pt-BR')).toEqual({
      ...{ code: 2, out: '' },
      err: 'semdistro verify: nenhum motor responde\nLigue o Docker.\n',
    });
  });

  it('says when the lab is another than the one that was started', async () => {
    const here = await started();
    const marker = textIn(here, '.semdistro/lab.json');
    const old = marker.replace(/"version": "\w+"/, '"version": "old"');
    writeFileSync(fileIn(here, '.semdistro/lab.json'), old);
    expect((await here.run(verifyCommand, 'word')).err).toContain(
      'has changed since you started it',
    );
  });

  it('a lab without checks has nothing to verify', async () => {
    const here = labDesk();
    await here.run(startCommand, 'free');
    const { code, out } = await here.run(verifyCommand, 'free');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'This lab has no checks: it is a place to try things.\n',
    });
    expect(here.opened()).toBe(0);
  });

  it('a full disk takes no verdict back', async () => {
    const here = await started();
    solve(here);
    rmSync(join(here.cwd, 'home'), { recursive: true });
    writeFileSync(join(here.cwd, 'home'), 'a file in the way');
    const { code, err } = await here.run(verifyCommand, 'in:word');
    expect(code).toBe(0);
    expect(err).toContain('this could not be written down: a file is in the way');
  });
});

describe('hint', () => {
  it('gives those of the failed check first, one at a time, and remembers', async () => {
    const here = await started();
    await here.run(verifyCommand, 'word');
    expect((await here.run(hintCommand, 'in:word')).out).toBe(
      'Hint 1 of 3 · The word is in it\nLook at `word.txt`.\n2 hints left: semdistro hint\n',
    );
    expect((await here.run(hintCommand, 'word')).out).toContain('Closer.');
    expect((await here.run(hintCommand, 'word')).out).toContain('It is a file.\nThat was the last');
    const { out } = await here.run(hintCommand, 'word');
    expect(out).toContain('You have read all the hints');
    expect(out).toMatch(/Look at[^]*Closer[^]*It is a file/);
  });

  it('before any verification gives them in their order', async () => {
    expect((await labDesk().run(hintCommand, 'word')).out).toContain('It is a file.');
  });

  it('--json', async () => {
    const here = await started();
    await here.run(verifyCommand, 'word');
    const { out } = await here.run(hintCommand, 'word', '--json', '--lang', 'pt');
    const look = { id: 'look', check: 'word', text: 'Olhe `word.txt`.' };
    expect(JSON.parse(out)).toEqual({
      ...{ schema: 1, lab: 'word', lang: 'pt-BR', hint: look, given: [look], left: 2 },
    });
  });
});

describe('solution', () => {
  it('is shown after a pass, or with --spoil', async () => {
    const here = await started();
    expect((await here.run(solutionCommand, 'word')).err).toContain(
      'the solution of word is shown once your answer has passed',
    );
    const word = textIn(here, 'word.txt').replace('The word is ', '').replace('.\n', '');
    const spoiled = await here.run(solutionCommand, 'in:word', '--spoil');
    expect(spoiled.out).toBe(
      `--- a/answer.txt\n+++ b/answer.txt\n@@ -1 +1 @@\n-nothing\n+${word}\n`,
    );
    solve(here);
    await here.run(verifyCommand, 'word');
    expect(await here.run(solutionCommand, 'word')).toEqual({
      ...{ code: 0, out: 'Your folder is the same as this solution.\n', err: '' },
    });
  });

  it('without a folder is against the files of the start', async () => {
    const { out } = await labDesk().run(solutionCommand, 'word', '--spoil');
    expect(out).toContain('-nothing\n+{{word}}\n');
  });
});

describe('reset', () => {
  it('puts the start back and keeps what was the learner’s', async () => {
    const here = await started({ line: 'y' });
    const word = textIn(here, 'word.txt');
    mkdirSync(fileIn(here, 'notes'));
    writeFileSync(fileIn(here, 'notes/mine.txt'), 'mine');
    writeFileSync(fileIn(here, 'answer.txt'), 'try\n');
    writeFileSync(fileIn(here, 'word.txt'), '');
    const { code, out } = await here.run(resetCommand, 'in:word');
    expect(code).toBe(0);
    expect(out).toContain('Back at the start. What was yours is in .semdistro/backup-2026-03-04T');
    expect(textIn(here, 'answer.txt')).toBe('nothing\n');
    expect(textIn(here, 'word.txt')).toBe(word);
    expect(existsSync(fileIn(here, 'notes'))).toBe(false);
    const backup = '.semdistro/backup-2026-03-04T15-06-07';
    expect(textIn(here, `${backup}/answer.txt`)).toBe('try\n');
    expect(textIn(here, `${backup}/notes/mine.txt`)).toBe('mine');
    expect((await here.run(resetCommand, 'word')).out).toContain('was as at the start already');
  });

  it.each([
    { line: 'n', args: [], code: 0, says: 'Nothing has changed.', now: 'try\n' },
    { line: '', args: [], code: 0, says: 'Nothing has changed.', now: 'try\n' },
    { line: undefined, args: [], code: 2, says: 'there is nobody to ask', now: 'try\n' },
    { line: undefined, args: ['--yes'], code: 0, says: 'Back at the start.', now: 'nothing\n' },
  ])('asks: $line $args', async ({ line, args, code, says, now }) => {
    const here = await started(line === undefined ? {} : { line });
    writeFileSync(fileIn(here, 'answer.txt'), 'try\n');
    const said = await here.run(resetCommand, 'word', ...args);
    expect(said.code).toBe(code);
    expect(`${said.out}${said.err}`).toContain(says);
    expect(textIn(here, 'answer.txt')).toBe(now);
  });
});

describe('list and status', () => {
  it('show what was done', async () => {
    const here = labDesk();
    expect((await here.run(statusCommand)).out).toContain('You have not started any yet.');
    expect((await here.run(listCommand)).out).toBe(
      [
        '   LESSON  LAB   TITLE     LEVEL  TIME',
        '   4       word  The word  ●●○    20 min',
        '           free  Free      ●○○    10 min',
        '',
        '0 of 1 done.',
        'To begin: semdistro start word',
        '',
      ].join('\n'),
    );
    await here.run(startCommand, 'word');
    await here.run(verifyCommand, 'word');
    expect((await here.run(statusCommand)).out).toMatch(
      /word +started +1 +0\/3 .*\n {2}stopped at: The word is in it\n {2}folder: word\n/,
    );
    solve(here);
    await here.run(verifyCommand, 'word');
    expect((await here.run(listCommand)).out).toMatch(/✓ +4 +word.*passed[^]*1 of 1 done\.\n$/);
  });

  it('--json', async () => {
    const here = await started();
    await here.run(verifyCommand, 'word');
    const list: unknown = JSON.parse((await here.run(listCommand, '--json')).out);
    expect(list).toMatchObject({
      ...{ schema: 1, lang: 'en' },
      labs: [
        { lab: 'word', lesson: 4, status: 'started', title: 'The word', difficulty: 2 },
        { lab: 'free', lesson: null, status: 'new' },
      ],
    });
    const status: unknown = JSON.parse((await here.run(statusCommand, '--json')).out);
    expect(status).toMatchObject({
      ...{ schema: 1, passed: 0, of: 1 },
      labs: [
        {
          ...{ lab: 'word', status: 'started', runs: 1, folder: join(here.cwd, 'word') },
          last: { status: 'fail', failed: ['word'], hint: 'look' },
        },
        { lab: 'free', status: 'new', runs: 0, folder: null, last: null },
      ],
    });
  });
});
