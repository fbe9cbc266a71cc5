import { withFiles } from '../verify/folder.ts';
import type { Report } from '../verify/check.ts';
import { verify, type VerifyOptions } from '../verify/runner.ts';
import type { Lab } from './lab.ts';
import { type Dice, drawNonce, type Nonce } from './nonce.ts';
import { plantedFiles } from './variants.ts';

export interface VerifyLabOptions extends Omit<VerifyOptions, 'nonce'> {
  /** The learner's folder, nothing planted yet. */
  readonly folder: VerifyOptions['folder'];
  /** The values that the folder was made with. Throws for a lab that `needsStart` without them. */
  readonly nonce: Nonce;
  readonly dice?: Dice;
}

/** One verification: this run's values are drawn, its files planted, its checks run. As `verify`. */
export async function verifyLab(lab: Lab, options: VerifyLabOptions): Promise<Report> {
  const { folder, nonce: started, dice, ...rest } = options;
  const nonce = { ...started, ...drawNonce(lab.manifest, 'run', dice) };
  const planted = withFiles(folder, plantedFiles(lab, nonce));
  return verify(lab.verifier, { ...rest, folder: planted, nonce });
}
