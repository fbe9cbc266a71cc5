import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Group } from './group.ts';

const entry = fileURLToPath(new URL('../engine/docker/main.ts', import.meta.url));

/** How much of the engine a browser has to load. */
export const size: Group = {
  name: 'size',
  about: "The engine's bundle, minified, as a browser loads it",
  async *measure() {
    yield {
      id: 'size.engine',
      name: 'engine, minified, gzip -9',
      unit: 'B',
      runs: [gzipSync(await bundle(entry), { level: 9 }).length],
      goal: { of: 'value', is: '<', limit: 150_000 },
    };
  },
};

async function bundle(file: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`no bundle of ${file}`);
  return output.contents;
}
