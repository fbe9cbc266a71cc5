import { expect, it } from 'vitest';
import { proofTable } from './proof-table.ts';

it('the table of a proof has a line per case, a column per engine and what disagrees below', () => {
  const right = { seconds: [30.04, 1.5], problems: [] };
  const wrong = { seconds: [2], problems: ['must pass, but runs fails: found\n  404'] };
  const rows = [
    { lab: 'go-static', name: 'start', cells: new Map([['embedded', right]]) },
    {
      ...{ lab: 'go-static', name: 'wrong/cgo' },
      cells: new Map([
        ['embedded', right],
        ['docker', wrong],
      ]),
    },
  ];
  expect(proofTable(rows, ['embedded', 'docker']).split('\n')).toEqual([
    'lab        case       embedded        docker',
    'go-static  start      30.0 s / 1.5 s  –',
    'go-static  wrong/cgo  30.0 s / 1.5 s  2.0 s WRONG',
    '           2 cases    63.1 s          2.0 s',
    'go-static wrong/cgo on docker: must pass, but runs fails: found 404',
    '',
  ]);
});
