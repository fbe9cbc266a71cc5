import { join } from 'node:path';
import { stderr } from 'node:process';
import type { Engine } from '../../verify/engine.ts';
import { cacheFolder } from '../engine-home.ts';
import type { Actor } from './actor.ts';
import { guestActor, hostActor, openStage } from './actors.ts';
import type { EngineWish } from './desk.ts';
import { openEmbedded, openLabEngine } from './engines.ts';

/** An engine that labs are proved on, and somebody who types at its shell. */
export interface ProofEngine {
  readonly engine: Engine;
  readonly actor: Actor;
  close(): Promise<void>;
}

/**
 * An engine to prove labs on. The built-in one has a store of its own, `.cache/proof`: what it
 * built is in the cache of the next proof, as a Docker's is, and whoever develops keeps their images.
 */
export async function openProofEngine(wish: EngineWish, home?: string): Promise<ProofEngine> {
  const docker = process.env['SEMDISTRO_TEST_DOCKER'] ?? '';
  const options = {
    home: home ?? join(cacheFolder(process.env), 'proof'),
    env: { ...process.env, ...(docker !== '' && { DOCKER_HOST: docker }) },
    tell: (line: string) => stderr.write(`machine: ${line}\n`),
  };
  const stage = await openStage();
  const opened = async (): Promise<Pick<ProofEngine, 'engine' | 'actor'>> => {
    if (wish === 'embedded') {
      const parts = await openEmbedded({ ...options, workspace: stage.folder });
      return { engine: parts.engine, actor: guestActor(stage, parts) };
    }
    const engine = await openLabEngine(wish, new AbortController().signal, options);
    return { engine, actor: hostActor(stage, options.env) };
  };
  try {
    const { engine, actor } = await opened();
    return {
      ...{ engine, actor },
      async close() {
        try {
          await engine.close();
        } finally {
          await stage.close();
        }
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}
