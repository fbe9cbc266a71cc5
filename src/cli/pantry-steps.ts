import { docker } from '../engine/docker/main.ts';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/errors.ts';
import { memoryStore } from '../engine/store/memory.ts';
import { exportSteps } from '../pantry/build-steps.ts';
import { openLayout } from '../pantry/layout.ts';
import { pantrySource } from '../pantry/source.ts';
import { hostFiles } from './host-files.ts';
import { nodeMachine } from './machine.ts';
import { nodePlatform } from './node-platform.ts';
import type { Output } from './output.ts';

/**
 * Builds folders with the machine, in a store of their own, and puts what their processes left into
 * the pantry: the same steps are then found there and need not run. How many steps that were. Rejects
 * with `build-failed` when a build fails; what it printed is on `output.stderr`.
 */
export async function keepSteps(
  folders: readonly string[],
  where: { readonly cacheDir: string; readonly layout: string },
  output: Output,
): Promise<number> {
  const platform = nodePlatform();
  const images: Engine = {
    ...{ platform, store: memoryStore(platform) },
    // The pantry's images, but not its steps: everything really runs.
    sources: [{ ...pantrySource(where.layout), step: () => Promise.resolve(undefined) }],
    defaultPlatform: { os: 'linux', architecture: '386' },
  };
  const machine = nodeMachine({ cacheDir: where.cacheDir, sources: images });
  const engine: Engine = { ...images, processHost: machine.host };
  try {
    for (const folder of folders) {
      const code = await docker(['build', '--progress=plain', folder], {
        engine,
        stdin: nothing(),
        stdout: { ...output.stderr, drain: () => Promise.resolve(), columns: undefined },
        stderr: { ...output.stderr, drain: () => Promise.resolve(), columns: undefined },
        files: hostFiles(process.cwd()),
        env: {},
        signal: new AbortController().signal,
      });
      if (code !== 0) throw new EngineError('build-failed', `${folder} does not build`);
    }
    return await exportSteps(engine, openLayout(where.layout));
  } finally {
    await machine.close();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An empty standard input.
}
