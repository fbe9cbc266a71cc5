import { describe, expect, it } from 'vitest';
import { makeLab } from '../../labs/lab.ts';
import type { Check, Report } from '../../verify/check.ts';
import { type Folder, textOf, withFiles } from '../../verify/folder.ts';
import type { Acted, Actor } from './actor.ts';
import { inSession } from './proof-session.ts';

const YAML = `title: { pt-BR: Uma, en: One }
goal: { pt-BR: Faça., en: Do. }
difficulty: 2
minutes: 20
edit: ['respostas.txt']
engine: { processes: true, images: [] }
nonce: { loja: { kind: word, per: start }, porta: { kind: port, per: start }, dia: { kind: word } }
plant: { dia.txt: '{{dia}}' }
templates: [sessao.sh]
session: sessao.sh
hints: [{ id: um, check: runs, text: { pt-BR: Olhe., en: Look. } }]
start: { check: runs, says: nada }
wrong:
  outra: { check: runs, says: x, about: { pt-BR: Um., en: One. } }
`;

const RUNS: Check = {
  ...{ id: 'runs', title: { 'pt-BR': 'Roda', en: 'It runs' } },
  run: () => Promise.resolve({ status: 'pass' }),
};

const FILES: Readonly<Record<string, string>> = {
  'lab.yaml': YAML,
  'start/respostas.txt': '',
  'solution/sessao.sh': 'docker run --name {{loja}}-web box',
  'wrong/outra/sessao.sh': 'docker run box',
};

const make = (files: Readonly<Record<string, string>> = {}): ReturnType<typeof makeLab> =>
  makeLab({
    slug: 'uma',
    files: withFiles(new Map(), { ...FILES, ...files }),
    verifier: { checks: [RUNS] },
  });
const lab = make();

const nonce = { loja: 'caju-1111', porta: '20001', dia: 'manga-2222' };
const PASSED: Report = { status: 'pass', seconds: 1, checks: [] };

/** Does what the test says, and remembers what it was asked. */
function actor(ended: Partial<Acted> = {}): Actor & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async act(folder, script) {
      asked.push(`${script}: ${textOf(folder, script) ?? ''}`);
      const after = withFiles(folder, { 'respostas.txt': 'porta: 20001' });
      return { code: 0, output: '', folder: after, ...ended };
    },
    async clear(words) {
      asked.push(`clear ${words.join(' ')}`);
    },
  };
}

async function verified(
  variant: string,
  who: Actor,
): Promise<{ readonly report: Report; readonly folder: Folder | undefined }> {
  let folder: Folder | undefined;
  const scene = { lab, variant, nonce, actor: who, signal: new AbortController().signal };
  const report = await inSession(scene, async (seen) => {
    folder = seen;
    return PASSED;
  });
  return { report, folder };
}

describe('an answer with a session', () => {
  it('is acted out, verified with the files that this leaves, and cleared away by its words', async () => {
    const who = actor();
    const { report, folder = new Map() } = await verified('solution', who);
    expect(report).toBe(PASSED);
    expect(who.asked).toEqual([
      'sessao.sh: docker run --name caju-1111-web box',
      // A word that is drawn for a run alone is in no name.
      'clear caju-1111',
    ]);
    expect(textOf(folder, 'respostas.txt')).toBe('porta: 20001');
    expect(textOf(folder, 'dia.txt')).toBe('manga-2222');
  });

  it('has the session of its own', async () => {
    const who = actor();
    await verified('outra', who);
    expect(who.asked[0]).toBe('sessao.sh: docker run box');
  });

  it('is broken when the session fails, and cleared away all the same', async () => {
    const who = actor({ code: 125, output: 'no such image\n' });
    const { report, folder } = await verified('solution', who);
    expect(folder).toBeUndefined();
    expect(report.status).toBe('broken');
    expect(report.checks[0]?.found?.en).toBe('`sh sessao.sh`: 125: no such image');
    expect(who.asked.at(-1)).toBe('clear caju-1111');
  });

  it('is cleared away when its checks throw', async () => {
    const who = actor();
    const scene = {
      lab,
      variant: 'solution',
      nonce,
      actor: who,
      signal: new AbortController().signal,
    };
    await expect(inSession(scene, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(who.asked.at(-1)).toBe('clear caju-1111');
  });
});

it('an answer without one, as somebody has it who begins, is verified as it is', async () => {
  const who = actor();
  const { folder = new Map() } = await verified('start', who);
  expect(who.asked).toEqual([]);
  expect(textOf(folder, 'dia.txt')).toBe('manga-2222');
});

describe('a lab is refused', () => {
  it.each([
    ['that gives the session away', { 'start/sessao.sh': 'x' }, 'remove it'],
    [
      'whose session is not there',
      { 'lab.yaml': YAML.replace('session: sessao.sh', 'session: x.sh') },
      'there is no solution/x.sh',
    ],
    [
      'whose session has no word for its names',
      {
        'lab.yaml': YAML.replace('loja: { kind: word', 'loja: { kind: token'),
        'start/respostas.txt': '{{dia}}',
      },
      'for the names of what it makes',
    ],
  ])('%s', (_, files, why) => {
    expect(() => make(files)).toThrow(why);
  });
});
