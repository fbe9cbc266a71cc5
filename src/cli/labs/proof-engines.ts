import { join } from 'node:path';
import { stderr } from 'node:process';
import type { Engine } from '../../verify/engine.ts';
import { cacheFolder } from '../engine-home.ts';
import type { EngineWish } from './desk.ts';
import { openLabEngine } from './engines.ts';

/**
 * An engine to prove labs on. The built-in one has a store of its own, `.cache/proof`: what it
 * built is in the cache of the next proof, as a Docker's is, and whoever develops keeps their images.
 */
export async function openProofEngine(wish: EngineWish, home?: string): Promise<Engine> {
  const docker = process.env['SEMDISTRO_TEST_DOCKER'] ?? '';
  return openLabEngine(wish, new AbortController().signal, {
    home: home ?? join(cacheFolder(process.env), 'proof'),
    env: { ...process.env, ...(docker !== '' && { DOCKER_HOST: docker }) },
    tell: (line) => stderr.write(`machine: ${line}\n`),
  });
}
