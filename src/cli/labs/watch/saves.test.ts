import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventQueue, type Queue } from './queue.ts';
import { watchSaves } from './saves.ts';

/** A watched folder with `Dockerfile` and `app/main.go`, and what is told of it. */
function watched(): { readonly dir: string; readonly told: Queue<readonly string[] | 'gone'> } {
  const dir = mkdtempSync(join(tmpdir(), 'semdistro-saves-'));
  mkdirSync(join(dir, 'app'));
  mkdirSync(join(dir, '.semdistro'));
  writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(dir, 'app', 'main.go'), 'package main\n');
  const told = eventQueue<readonly string[] | 'gone'>();
  const saves = watchSaves(dir, told.push, () => {
    told.push('gone');
  });
  onTestFinished(() => {
    saves.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return { dir, told };
}

const put = (dir: string, path: string, text: string): void => {
  writeFileSync(join(dir, path), text);
};

/** What people and their editors do, and which files were saved by it. */
const saves: readonly [string, (dir: string) => void, readonly string[]][] = [
  [
    'writes a file',
    (dir) => {
      put(dir, 'Dockerfile', 'x');
    },
    ['Dockerfile'],
  ],
  [
    'writes a file in a folder',
    (dir) => {
      put(dir, 'app/main.go', 'x');
    },
    ['app/main.go'],
  ],
  [
    'writes aside and renames, as vim and many do',
    (dir) => {
      put(dir, '4913', '');
      rmSync(join(dir, '4913'));
      renameSync(join(dir, 'Dockerfile'), join(dir, 'Dockerfile~'));
      put(dir, 'Dockerfile', 'x');
      rmSync(join(dir, 'Dockerfile~'));
    },
    ['Dockerfile'],
  ],
  [
    'renames a temporary over it',
    (dir) => {
      put(dir, '.goutputstream-ABC', 'x');
      renameSync(join(dir, '.goutputstream-ABC'), join(dir, 'Dockerfile'));
    },
    ['Dockerfile'],
  ],
  [
    'saves what has not changed',
    (dir) => {
      utimesSync(join(dir, 'Dockerfile'), 1, 1);
    },
    ['Dockerfile'],
  ],
  [
    'makes it executable',
    (dir) => {
      chmodSync(join(dir, 'Dockerfile'), 0o755);
    },
    ['Dockerfile'],
  ],
  [
    'makes a new file',
    (dir) => {
      put(dir, '.dockerignore', 'x');
    },
    ['.dockerignore'],
  ],
  [
    'removes a file',
    (dir) => {
      rmSync(join(dir, 'app/main.go'));
    },
    ['app/main.go'],
  ],
  [
    'saves all, one after the other',
    (dir) => {
      put(dir, 'Dockerfile', 'a');
      put(dir, 'app/main.go', 'a');
      put(dir, 'Dockerfile', 'b');
    },
    ['Dockerfile', 'app/main.go'],
  ],
];

describe('a save', () => {
  it.each(saves)('%s', async (_, act, paths) => {
    const { dir, told } = watched();
    act(dir);
    expect(await told.next()).toEqual(paths);
  });

  it('in a folder made since', async () => {
    const { dir, told } = watched();
    mkdirSync(join(dir, 'new/er'), { recursive: true });
    put(dir, 'new/er/file', '');
    expect(await told.next()).toEqual(['new/er/file']);
    put(dir, 'new/er/file', 'again');
    expect(await told.next()).toEqual(['new/er/file']);
  });

  it('is not what an editor puts beside, nor what is ours, nor what a package manager fills', async () => {
    const { dir, told } = watched();
    put(dir, '.Dockerfile.swp', 'x');
    put(dir, '#Dockerfile#', 'x');
    put(dir, '.semdistro/lab.json', 'x');
    mkdirSync(join(dir, 'node_modules'));
    put(dir, 'node_modules/a', 'x');
    put(dir, 'last', '');
    expect(await told.next()).toEqual(['last']);
  });

  it('the folder that goes is told', async () => {
    const { dir, told } = watched();
    rmSync(dir, { recursive: true });
    expect(await told.next()).toBe('gone');
  });
});
