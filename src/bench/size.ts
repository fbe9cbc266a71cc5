import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from '../testing/bundle.ts';
import type { Group } from './group.ts';

/** What a page must have to use `docker`: the command line, and what it runs on in a browser. */
const PARTS = [
  "export { docker } from './docker/main.ts';",
  "export { portablePlatform } from './portable.ts';",
  "export { memoryStore } from './store/memory.ts';",
  "export { httpLayoutSource } from './store/http-layout.ts';",
];

const entry = {
  text: PARTS.join('\n'),
  folder: fileURLToPath(new URL('../engine/', import.meta.url)),
};

/** How much of the engine a browser has to load. */
export const size: Group = {
  name: 'size',
  about: "The engine's bundle, minified, as a browser loads it",
  async *measure() {
    const bytes = await bundle(entry);
    yield {
      id: 'size.engine',
      name: 'engine, minified, gzip -9',
      unit: 'B',
      runs: [gzipSync(bytes, { level: 9 }).length],
      goal: { of: 'value', is: '<', limit: 150_000 },
    };
    yield { id: 'size.engine-plain', name: 'engine, minified', unit: 'B', runs: [bytes.length] };
  },
};
