import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { embeddedEngine } from '../../adapters/embedded/engine.ts';
import { pantryEngine } from '../../testing/machine.ts';
import type { Actor } from './actor.ts';
import { loadLab } from './find.ts';
import { runProof } from './proof-run.ts';

// Its images are made of COPY alone: no machine is needed, and no base.
const EXAMPLES = join(import.meta.dirname, '..', '..', 'labs', 'testdata', 'labs');
const lab = await loadLab('exemplo', EXAMPLES);
const engine = await embeddedEngine({ engine: pantryEngine() });
afterAll(() => engine.close());
/** The lab has nothing to act out. */
const nobody: Actor = {
  act: () => Promise.reject(new Error('acted')),
  clear: () => Promise.reject(new Error('cleared')),
};

it('a lab proves itself on an engine: every answer, twice', async () => {
  const seen: string[] = [];
  const rows = await runProof({
    ...{ labs: [lab], engines: new Map([['embedded', { engine, actor: nobody }]]), once: false },
    signal: new AbortController().signal,
    onCase: (name, { slug }, one) => seen.push(`${name} ${slug} ${one.name}`),
  });
  const cells = rows.map(({ name, cells: at }) => ({ name, cell: at.get('embedded') }));
  expect(cells.map(({ name, cell }) => [name, cell?.problems])).toEqual([
    ['start', []],
    ['solution', []],
    ['wrong/vazio', []],
    ['wrong/fixo', []],
    ['wrong/sem-arquivo', []],
  ]);
  expect(cells.map(({ cell }) => cell?.seconds.length)).toEqual([2, 2, 2, 2, 2]);
  expect(seen[1]).toBe('embedded exemplo solution');
});

it('one that is wrong about itself is told, and only what was asked for is run', async () => {
  const { manifest } = lab;
  const vazio = manifest.wrong['vazio'];
  if (!vazio) throw new Error('there is no wrong answer vazio');
  const wrong = { ...manifest.wrong, vazio: { ...vazio, check: 'builds' } };
  const rows = await runProof({
    labs: [{ ...lab, manifest: { ...manifest, wrong } }],
    ...{
      engines: new Map([['embedded', { engine, actor: nobody }]]),
      once: true,
      cases: ['wrong/vazio'],
    },
    ...{ signal: new AbortController().signal, onCase: () => undefined },
  });
  expect(rows.map(({ name, cells }) => [name, cells.get('embedded')?.problems])).toEqual([
    [
      'wrong/vazio',
      [expect.stringContaining('must fail at builds, but greets fails first: expected ')],
    ],
  ]);
});
