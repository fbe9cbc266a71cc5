import { createContainer } from '../containers/create.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { once, utf8 } from '../bytes.ts';
import { EngineError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { containerRequest } from './container-request.ts';
import { pullMissing } from './pull-missing.ts';
import { usageError } from './usage-error.ts';

/** What `create` and `run` do first. Errors: those of `containerRequest`, `pullMissing` and `createContainer`. */
export async function createFromFlags(context: CommandContext): Promise<ContainerRecord> {
  const { engine, session, flags } = context;
  const request = await containerRequest(context);
  const { containerIdFile, networkMode, publish } = request.host;
  if (containerIdFile !== '' && (await session.files.kind(containerIdFile)) !== 'none') {
    throw usageError(
      `container ID file found, make sure the other container isn't running or delete ${containerIdFile}`,
      125,
    );
  }
  await pullMissing(context);
  const record = await createContainer(engine, request);
  if (publish.length > 0 && networkMode === 'host') {
    session.stderr.write('WARNING: Published ports are discarded when using host network mode\n');
  }
  if (containerIdFile !== '') await writeIdFile(context, containerIdFile, record.id);
  if (flags.has('detach') && flags.bool('detach') && session.endsEngine === true) {
    session.stderr.write(
      'Note: containers live as long as the process that runs them, and this command ends now: use a shell, "semdistro sh".\n',
    );
  }
  return record;
}

async function writeIdFile({ session }: CommandContext, path: string, id: string): Promise<void> {
  try {
    await session.files.write(path, once(utf8(id)));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw usageError(`failed to create the container ID file: ${error.message}`, 125);
  }
}
