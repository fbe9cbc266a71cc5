#!/usr/bin/env node
// `semdistro`, started by whichever Node is there: goes on under the pinned one, which runs main.ts.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pinnedNode, repository } from '../setup/paths.mjs';
import { wordsFor } from '../setup/words.mjs';

const node = pinnedNode();
if (existsSync(node)) {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides what it means, and its end is ours.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])) {
    process.on(signal, () => {
      if (!process.stdin.isTTY || signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const name of process.eventNames()) process.removeAllListeners(name);
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  });
} else {
  process.stderr.write(
    `semdistro: ${wordsFor(process.env)('not-set-up', { folder: repository })}\n`,
  );
  process.exitCode = 1;
}
