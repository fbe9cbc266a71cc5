#!/usr/bin/env node
// `semdistro`, started by whichever Node is there: goes on under the pinned one, which runs main.ts.

import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, repository } from '../setup/paths.mjs';
import { wordsFor } from '../setup/words.mjs';

const node = pinnedNode();
if (!existsSync(node)) {
  process.stderr.write(
    `semdistro: ${wordsFor(process.env)('not-set-up', { folder: repository })}\n`,
  );
  process.exitCode = 1;
} else if (realpathSync(process.execPath) === realpathSync(node)) {
  // Types are stripped and code is compiled once, not at every start. Here and not in main.ts, so
  // that it holds for main.ts too. A folder that cannot be written to is no trouble, only slower.
  // By way of the module: an older Node has no such name, and a bad import would end it here.
  module.enableCompileCache(join(repository, '.cache', 'compile'));
  // Our own imports name files as they are: looking around for each of them takes a fifth of a start.
  module.registerHooks({
    resolve(specifier, context, next) {
      const isOurs = specifier.startsWith('.') && specifier.endsWith('.ts');
      if (!isOurs || context.parentURL === undefined) return next(specifier, context);
      const { href } = new URL(specifier, context.parentURL);
      return { url: href, format: 'module-typescript', shortCircuit: true };
    },
  });
  await import('./main.ts');
} else {
  goOnUnder(node);
}

/** @param {string} program */
function goOnUnder(program) {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(program, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
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
}
