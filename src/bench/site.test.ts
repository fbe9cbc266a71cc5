import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addressIn, partOf } from './site-build.ts';
import { lessonsAmong } from './site-pages.ts';
import { drawnNames, writeCommands } from './site-workbench.ts';

describe('a file of dist/', () => {
  it.each([
    ['licoes/python/index.html', 'pages'],
    ['404.html', 'pages'],
    ['_astro/page.B1.js', 'code'],
    ['_astro/v86.D2.wasm', 'code'],
    ['fonts/text.woff2', 'fonts'],
    ['og/licoes/python.png', 'pictures'],
    ['pagefind/wasm.pt-br.pagefind', 'search'],
    ['pagefind/pagefind.js', 'search'],
    ['machine/machine.json', 'machine'],
    ['pantry/blobs/sha256/a1', 'pantry'],
    ['lab-data/python.json', 'other'],
  ])('%s is of the part %s', (path, part) => {
    expect(partOf(path)).toBe(part);
  });
});

describe('the lessons among the pages', () => {
  it('are there in each language, the lists and labs are not', () => {
    const pages = [
      ...['en/lessons/index.html', 'en/lessons/python/index.html', 'labs/python/index.html'],
      ...['licoes/index.html', 'licoes/nodejs/index.html', 'licoes/python/index.html'],
    ];
    expect([...lessonsAmong(pages)]).toEqual([
      ['python', ['en/lessons/python/index.html', 'licoes/python/index.html']],
      ['nodejs', ['licoes/nodejs/index.html']],
    ]);
  });
});

describe('the address that npm start tells', () => {
  it.each([
    [
      '  A oficina está aberta em http://localhost:41234/ (Ctrl+C encerra)\n',
      'http://localhost:41234/',
    ],
    ['at http://localhost:80/semdistro/ (', 'http://localhost:80/semdistro/'],
    ['at http://localhost:41', undefined],
    ['Dependencies installed', undefined],
  ])('in %j is %s', (said, address) => {
    expect(addressIn(said)).toBe(address);
  });
});

describe('the names that a lab drew', () => {
  const stages = ['lua', 'sol', 'mar', 'pecas', 'rio', 'sal'];

  it('are those of the stages, in their order', () => {
    const screen = ['$ grep', ...stages.map((name) => ` AS ${name}`), 'ended 1', '/workspace #'];
    expect(drawnNames(screen.join('\n'))).toEqual({
      ...{ um: 'lua', dois: 'sol', tres: 'mar', pecas: 'pecas', quatro: 'rio', cinco: 'sal' },
      carimbo: '',
    });
  });

  it('are missed where the terminal shows something else', () => {
    expect(() => drawnNames('grep: imagens.Dockerfile: No such file')).toThrow('which are');
  });
});

describe('commands that write a file', () => {
  it('are short enough for a shell, and bring all of it', () => {
    const text = Array.from({ length: 2000 }, (_, line) => `linha ${line * 7919}`).join('\n');
    const commands = writeCommands('respostas.txt', text);
    expect(commands.length).toBeGreaterThan(3);
    expect(Math.max(...commands.map(({ length }) => length))).toBeLessThan(700);
    const parts = commands.slice(0, -1).map((command, at) => {
      const [, part = '', into] = /^echo (\S+) (>>?)\/tmp\/packed$/.exec(command) ?? [];
      expect(into).toBe(at === 0 ? '>' : '>>');
      return part;
    });
    expect(gunzipSync(Buffer.from(parts.join(''), 'base64')).toString()).toBe(text);
    expect(commands.at(-1)).toBe('base64 -d /tmp/packed | gunzip >respostas.txt');
  });
});
