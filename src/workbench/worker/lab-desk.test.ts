import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../engine/bytes.ts';
import { keepWorkspace } from '../files/keeper.ts';
import { openStorage } from '../files/storage.ts';
import { openWorkspace } from '../files/workspace.ts';
import { fileDesk } from './file-desk.ts';
import { labDesk } from './lab-desk.ts';
import { keptProgress } from './progress.ts';

/** A tab: what it does stays in `databases`. */
async function tab(databases: IDBFactory) {
  const storage = await openStorage(databases, 'test');
  const workspace = openWorkspace();
  const told: (readonly string[])[] = [];
  const onFiles = (paths: readonly string[]): void => void told.push(paths);
  const keeper = keepWorkspace(workspace, { storage, onChange: onFiles, onTrouble: onFiles as never }); // prettier-ignore
  const now = (): Date => new Date();
  const progress = keptProgress(storage, now);
  const labs = labDesk({
    ...{ storage, workspace, keeper, progress, now, onFiles },
    onHappened: () => undefined,
  });
  return { labs, files: fileDesk(workspace, keeper), workspace, progress, told };
}

describe('a lab', () => {
  it('begins with its files, and values of its own in them', async () => {
    const { labs, files, progress } = await tab(new IDBFactory());
    const { slug, editable, passed, nonce } = await labs.open('tabela-medida');
    expect({ slug, editable, passed }).toEqual({
      ...{ slug: 'tabela-medida', editable: ['tabela.txt'], passed: false },
    });
    const { text } = await files.read('Dockerfile');
    expect(text).toContain(`USER ${nonce['usuario'] ?? 'none'}`);
    expect((await progress.read()).labs).toMatchObject({ 'tabela-medida': { state: 'started' } });
  });

  it('is as it was left, with the values it had, in the next tab', async () => {
    const databases = new IDBFactory();
    const first = await tab(databases);
    const { nonce } = await first.labs.open('tabela-medida');
    await first.files.write('tabela.txt', 'mine');
    await first.files.remove('pagina.html');
    const second = await tab(databases);
    expect((await second.labs.open('tabela-medida')).nonce).toEqual(nonce);
    expect(await second.files.read('tabela.txt')).toMatchObject({ text: 'mine' });
    await expect(second.files.read('pagina.html')).rejects.toMatchObject({ code: 'file-missing' });
  });

  it('gives way to another, and comes back', async () => {
    const { labs, files, workspace, told } = await tab(new IDBFactory());
    await labs.open('livre');
    workspace.write('unsaved', utf8('by the guest'));
    await labs.open('history');
    expect(told.at(-1)).toEqual(expect.arrayContaining(['app.py', 'unsaved', 'loja.Dockerfile']));
    await expect(files.read('unsaved')).rejects.toMatchObject({ code: 'file-missing' });
    await labs.open('livre');
    expect(await files.read('unsaved')).toMatchObject({ text: 'by the guest' });
  });

  it('opened twice at once is opened once', async () => {
    const { labs, workspace } = await tab(new IDBFactory());
    const [one, two] = await Promise.all([labs.open('tabela-medida'), labs.open('tabela-medida')]);
    expect(one).toEqual(two);
    expect(workspace.paths()).toContain('tabela.txt');
  });

  it('is reset: files as at the start, other values', async () => {
    const { labs, files } = await tab(new IDBFactory());
    const before = await labs.open('o-que-e');
    await files.write('extra', 'x');
    await files.write('respostas.txt', 'x');
    await labs.reset();
    const after = await labs.open('o-que-e');
    expect(after.nonce).not.toEqual(before.nonce);
    await expect(files.read('extra')).rejects.toMatchObject({ code: 'file-missing' });
    const { text } = await files.read('respostas.txt');
    expect(text).toContain(after.nonce['um']);
  });

  it('gives one file back', async () => {
    const { labs, files } = await tab(new IDBFactory());
    await labs.open('livre');
    const before = await files.read('Dockerfile');
    await files.write('Dockerfile', 'x');
    await labs.resetFile('Dockerfile');
    expect(await files.read('Dockerfile')).toEqual(before);
    await expect(labs.resetFile('mine')).rejects.toMatchObject({ code: 'file-missing' });
  });

  it('shows its solution after a pass, or when it is wanted anyway', async () => {
    const { labs, progress } = await tab(new IDBFactory());
    const { nonce } = await labs.open('o-que-e');
    await expect(labs.solution(false)).rejects.toMatchObject({ code: 'not-passed' });
    const spoiled = await labs.solution(true);
    expect(spoiled.find(({ path }) => path === 'respostas.txt')?.text).toContain(nonce['um']);
    await progress.noteLab('o-que-e', 'passed');
    expect(await labs.solution(false)).toEqual(spoiled);
  });

  it('is needed to ask for one of these, and must be one there is', async () => {
    const { labs } = await tab(new IDBFactory());
    await expect(labs.solution(true)).rejects.toMatchObject({ code: 'no-lab' });
    await expect(labs.reset()).rejects.toMatchObject({ code: 'no-lab' });
    await expect(labs.open('nada')).rejects.toMatchObject({ code: 'lab-unknown' });
  });
});

describe('a live lab', () => {
  it('has the steps that were skipped, with their notes, in the next tab; done again they are open', async () => {
    const databases = new IDBFactory();
    const { labs } = await tab(databases);
    expect((await labs.open('debug-com-busybox')).steps).toEqual({});
    await labs.skipStep('denied', 'AppArmor');
    const second = await tab(databases);
    const { steps } = await second.labs.open('debug-com-busybox');
    expect(steps).toMatchObject({ denied: { state: 'skipped', note: 'AppArmor' } });
    expect(await second.labs.skipStep('denied', undefined)).toEqual({});
  });

  it('keeps what was done, whoever skips it, until it begins anew', async () => {
    const { labs, progress } = await tab(new IDBFactory());
    await labs.open('debug-com-busybox');
    const done = { target: { state: 'done', at: '2026-11-21T10:00:00Z' } } as const;
    await progress.noteSteps('debug-com-busybox', done);
    expect(await labs.skipStep('target', 'no')).toEqual(done);
    await labs.reset();
    expect((await labs.open('debug-com-busybox')).steps).toEqual({});
  });
});

describe('the files, for the page', () => {
  it('are listed, with sizes; a link is what it leads to', async () => {
    const { workspace, files } = await tab(new IDBFactory());
    workspace.write('a/b', utf8('text'));
    workspace.link('link', 'a');
    workspace.link('out', '/etc');
    expect(await files.list()).toEqual([
      { path: 'a', kind: 'dir', size: 0 },
      { path: 'a/b', kind: 'file', size: 4 },
      { path: 'link', kind: 'dir', size: 0 },
      { path: 'out', kind: 'file', size: 0 },
    ]);
  });

  it.each([
    ['text', utf8('olá\n'), 'olá\n'],
    ['an empty file', new Uint8Array(0), ''],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe]), undefined],
    ['a file with NUL in it', utf8('a\0b'), undefined],
    ['more than 1 MiB', new Uint8Array(1024 * 1024 + 1).fill(65), undefined],
  ])('are read: %s', async (_, bytes, text) => {
    const { files } = await tab(new IDBFactory());
    await files.write('file', bytes);
    const read = await files.read('file');
    expect(read).toEqual({
      ...{ path: 'file', kind: 'file', size: bytes.length },
      ...(text !== undefined && { text }),
    });
  });
});
