import { argv, env, stderr, stdout } from 'node:process';
import about from '../../package.json' with { type: 'json' };
import { EngineError } from '../engine/errors.ts';
import { semdistro } from './command-line.ts';
import { fileError } from './files/file-errors.ts';
import { languageFor } from './labs/language.ts';
import { subcommands } from './subcommands.ts';

// `semdistro docker images | head -1` closes our output early: that is not a failure of ours. A full
// disk is one, and nothing that would still be written gets anywhere.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    const failure = fileError(error, 'write', stream === stdout ? '/dev/stdout' : '/dev/stderr');
    if (!(failure instanceof EngineError)) throw error;
    const hint = failure.hint === undefined ? '' : `${failure.hint}\n`;
    if (stream === stdout) stderr.write(`semdistro: ${failure.message}\n${hint}`);
    process.exit(failure.exitCode);
  });
}

const { version } = about;
// Set instead of process.exit(): what is still being written to a pipe gets through.
const language = languageFor(undefined, env) ?? 'en';
process.exitCode = await semdistro(argv.slice(2), {
  ...{ subcommands, version, language, stdout, stderr },
});
