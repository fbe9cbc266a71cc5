import { spawnSync } from 'node:child_process';

// Administration tools are not on everybody's PATH, least of all under cron or su.
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** What the program printed; throws with its own words when it fails. */
export function must(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env });
  if (error !== undefined) throw new Error(`${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

/** Runs a program whose failure means that there was nothing to do. */
export function tryTo(program: string, args: readonly string[]): void {
  spawnSync(program, args, { stdio: 'ignore', env });
}
