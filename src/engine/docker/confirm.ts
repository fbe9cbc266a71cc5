import { decodeName } from '../bytes.ts';
import type { CommandContext } from './command.ts';

/** Asks before something is removed for good, as Docker does; anything but `y` is no. */
export async function confirmed({ session }: CommandContext, warning: string): Promise<boolean> {
  session.stdout.write(`WARNING! ${warning}\nAre you sure you want to continue? [y/N] `);
  await session.stdout.drain();
  let line = '';
  for await (const chunk of session.stdin) {
    line += decodeName(chunk);
    if (line.includes('\n') || line.length > 100) break;
  }
  return line.split('\n')[0]?.trim().toLowerCase() === 'y';
}
