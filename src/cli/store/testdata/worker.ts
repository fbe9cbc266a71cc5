/**
 * One process of several on one store: `worker.ts <dir> <name> count|forever`. It puts blobs and
 * changes records, and prints one line after each that is done: `blob <digest>`, `record <n>`.
 */
import { writeSync } from 'node:fs';
import { utf8 } from '../../../engine/bytes.ts';
import { openFolderStore } from '../../folder-store.ts';
import { nodePlatform } from '../../node-platform.ts';

const [, , dir = '', name = '', mode = ''] = process.argv;
const store = await openFolderStore(dir, nodePlatform());

// Synchronous: what was printed was printed, also when the next thing is a kill.
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function* large(seed: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < 40; at++) yield utf8(`${seed} ${at} `.padEnd(16_384, '.'));
}

say('open');
const rounds = mode === 'forever' ? Infinity : Number(mode);
for (let round = 0; round < rounds; round++) {
  const common = await store.blobs.put(utf8(`everybody's ${round}`));
  say(`blob ${common.digest}`);
  const own = await store.blobs.put(large(`${name}'s ${round}`));
  say(`blob ${own.digest}`);
  await store.records.update('images', 'index', (old) => ({
    ...(typeof old === 'object' ? old : {}),
    [`${name} ${round}`]: round,
  }));
  say(`record ${name} ${round}`);
  await store.records.update('cache', `${name}-${round}`, () => round);
  say(`key ${name}-${round}`);
}
