/** `holder.ts <lock>`: takes the lock, says so, and keeps it until it is killed. */
import { writeSync } from 'node:fs';
import { tryLock } from '../file-lock.ts';

const held = await tryLock(process.argv[2] ?? '');
writeSync(1, held ? 'held\n' : 'not held\n');
setInterval(() => undefined, 1000);
