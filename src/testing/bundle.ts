import { build, type Plugin } from 'esbuild';

/** v86 asks for these only where there is a `process`; nothing else may ask for them. */
const emulator: Plugin = {
  name: 'v86',
  setup(bundling) {
    bundling.onResolve(
      { filter: /^(?:node:)?(?:crypto|fs|fs\/promises|perf_hooks)$/ },
      ({ importer, path }) =>
        /[\\/]v86[\\/]build[\\/]libv86\.mjs$/.test(importer) ? { path, external: true } : undefined,
    );
  },
};

/** A module with all that it imports, minified, as a browser loads it. `entry` is a file, or text that imports files of `folder`. */
export async function bundle(
  entry: string | { readonly text: string; readonly folder: string },
): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...(typeof entry === 'string'
      ? { entryPoints: [entry] }
      : { stdin: { contents: entry.text, resolveDir: entry.folder, loader: 'ts' } }),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    plugins: [emulator],
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('no bundle was written');
  return output.contents;
}
