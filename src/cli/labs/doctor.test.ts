import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { labDesk } from '../../testing/lab-desk.ts';
import { words } from '../../verify/words.ts';
import type { LabCommand } from './command.ts';
import { examine } from './doctor.ts';
import { ownFindings } from './doctor-here.ts';
import type { Finding } from './finding.ts';

const root = await mkdtemp(join(tmpdir(), 'semdistro-doctor-'));
afterAll(() => rm(root, { recursive: true, force: true }));

async function home(path: string): Promise<Finding | undefined> {
  const env = { SEMDISTRO_HOME: path, SEMDISTRO_CACHE: join(root, 'cache') };
  return (await ownFindings(env)).find(({ id }) => id === 'home');
}

describe('this installation', () => {
  it('has so much room where things are kept, even before the folder is there', async () => {
    const found = await home(join(root, 'not', 'yet'));
    expect(found?.status).toBe('ok');
    expect(found?.value.en).toMatch(/\/not\/yet, [0-9.]+.?B free$/);
    expect(found?.value['pt-BR']).toMatch(/\/not\/yet, [0-9.]+.?B livres$/);
  });

  it('lacks the folder when a file is where it would be', async () => {
    await writeFile(join(root, 'file'), '');
    const found = await home(join(root, 'file', 'home'));
    expect(found?.status).toBe('missing');
    expect(found?.value.en).toContain('a file is in its way');
    expect(found?.repair?.en).toBe(
      `Move ${join(root, 'file')} away, or name another one in SEMDISTRO_HOME.`,
    );
  });

  it('lacks the folder when it cannot be written to', async ({ skip }) => {
    if (process.getuid?.() === 0) return skip('root may write everywhere');
    await mkdir(join(root, 'closed'));
    await chmod(join(root, 'closed'), 0o500);
    expect((await home(join(root, 'closed')))?.value.en).toContain('permission denied');
  });

  it('lacks machine and pantry until the set-up has made them', async () => {
    const found = await ownFindings({ SEMDISTRO_CACHE: join(root, 'none') });
    const lacks = found.filter(({ status }) => status === 'missing');
    expect(lacks.map(({ id }) => id)).toEqual(['machine', 'pantry']);
    expect(lacks[0]?.repair).toEqual(words('Faça com `npm start`.', 'Make it with `npm start`.'));
  });
});

describe('doctor', () => {
  const fine: Finding = {
    ...{ id: 'node', name: words('Nó', 'Node'), value: words('v24', 'v24'), status: 'ok' },
  };
  const note: Finding = {
    ...{ id: 'docker', name: words('Docker', 'Docker'), status: 'note' },
    ...{ value: words('não responde', 'does not answer') },
    repair: words('Ligue com `x`.', 'Start it with `x`.'),
  };
  const lack: Finding = { ...note, id: 'pantry', status: 'missing' };
  const command = (...found: readonly Finding[]): LabCommand => ({
    ...{ name: 'doctor', options: { json: 'flag' }, most: 0 },
    run: (call) =>
      examine(
        call,
        found.map((one) => async () => [one]),
      ),
  });

  it('is fine with what is only worth knowing', async () => {
    expect(await labDesk().run(command(fine, note))).toEqual({
      ...{ code: 0, err: '' },
      out: [
        ...['✓ Node          v24', '– Docker        does not answer'],
        ...['              → Start it with `x`.', '', 'It is all there.', ''],
      ].join('\n'),
    });
  });

  it('says in Portuguese what is missing, and what repairs it; exit code 1', async () => {
    const { code, out } = await labDesk({ env: { LANG: 'pt_BR' } }).run(command(fine, lack));
    expect(code).toBe(1);
    expect(out).toContain('✗ Docker        não responde\n              → Ligue com `x`.\n');
    expect(out).toContain('\n1 coisa para arrumar.\n');
  });

  it('--json', async () => {
    const { code, out } = await labDesk().run(command(fine, lack), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      ...{ schema: 1, lang: 'en' },
      findings: [
        { id: 'node', name: 'Node', status: 'ok', value: 'v24', repair: null },
        {
          ...{ id: 'pantry', name: 'Docker', status: 'missing', value: 'does not answer' },
          repair: 'Start it with `x`.',
        },
      ],
    });
  });
});
