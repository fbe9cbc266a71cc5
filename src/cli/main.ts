import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import about from '../../package.json' with { type: 'json' };
import { repository } from '../setup/paths.mjs';
import { semdistro } from './command-line.ts';
import { subcommands } from './subcommands.ts';

// Types are stripped and code is compiled once, not at every start: three times as fast. A folder
// that cannot be written to is no trouble, it is only slower.
enableCompileCache(join(repository, '.cache', 'compile'));

// `semdistro docker images | head -1` closes our output early: that is not a failure of ours.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const { version } = about;
// Set instead of process.exit(): what is still being written to a pipe gets through.
process.exitCode = await semdistro(argv.slice(2), { subcommands, version, stdout, stderr });
