// Another process that remembers runs of the lab `a`: HOME TIMES.
import { argv } from 'node:process';
import { updateProgress } from '../progress.ts';

const [home = '', times = ''] = argv.slice(2);
for (let at = 0; at < Number(times); at++) {
  await updateProgress(home, 'a', (before) => ({ ...before, runs: before.runs + 1 }));
}
process.disconnect();
