import {
  archiveOf,
  copyIn,
  followLink,
  missing,
  sourceName,
  statPath,
} from '../containers/copy.ts';
import { type CopyTarget, planCopy, refused } from '../containers/copy-plan.ts';
import { emitContainerEvent } from '../containers/container-event.ts';
import { mountedView } from '../containers/mounted-view.ts';
import type { ContainerRecord } from '../containers/record.ts';
import { findContainer } from '../containers/registry.ts';
import { EngineError } from '../errors.ts';
import { humanSize } from '../format/size.ts';
import type { Entry } from '../layer/entry.ts';
import type { FileTree } from '../layer/tree.ts';
import { layerTar } from '../layer/write.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { archiveFromInput, localSource, localTarget, writeLocal } from './copy-files.ts';

export const cpCommand: CommandDefinition = {
  name: 'cp',
  aliases: ['container cp', 'cp'],
  usage: `[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-
	docker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH`,
  summary: 'Copy files/folders between a container and the local filesystem',
  description: `Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.`,
  flags: [
    {
      name: 'archive',
      short: 'a',
      kind: 'bool',
      help: 'Archive mode (copy all uid/gid information)',
    },
    {
      name: 'follow-link',
      short: 'L',
      kind: 'bool',
      help: 'Always follow symbol link in SRC_PATH',
    },
    {
      name: 'quiet',
      short: 'q',
      kind: 'bool',
      help: 'Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached',
    },
  ],
  arguments: { min: 2, max: 2 },
  examples: [
    'docker cp app.py web:/srv/',
    'docker cp web:/var/log/. logs',
    'docker cp web:/etc - | tar tv',
  ],
  async run(context) {
    const [source = '', target = ''] = context.args;
    if (source === '') throw refused('source can not be empty');
    if (target === '') throw refused('destination can not be empty');
    const from = splitArgument(source);
    const to = splitArgument(target);
    if (from.container !== '' && to.container !== '') {
      throw refused('copying between containers is not supported');
    }
    if (from.container !== '') await copyOut(context, from, to.path);
    else if (to.container !== '') await copyInto(context, from.path, to);
    else throw refused('must specify at least one container source');
    return 0;
  },
};

interface Argument {
  readonly container: string;
  readonly path: string;
}

/** `CONTAINER:PATH`; a path with a colon is written absolute or with `./` in front. */
function splitArgument(text: string): Argument {
  const colon = text.indexOf(':');
  if (text.startsWith('/') || text.startsWith('.') || colon < 0)
    return { container: '', path: text };
  return { container: text.slice(0, colon), path: text.slice(colon + 1) };
}

async function copyInto(context: CommandContext, path: string, target: Argument): Promise<void> {
  const { engine, flags } = context;
  const record = await findContainer(engine, target.container);
  const to = targetIn(await mountedView(engine, record), record, target.path);
  const asUser = flags.bool('archive');
  if (path === '-') {
    if (to.kind !== 'dir') {
      throw refused(`destination "${target.container}:${target.path}" must be a directory`);
    }
    const entries = await archiveFromInput(context);
    await copyIn(engine, record, { directory: to.path, entries, asUser });
    return;
  }
  const source = await localSource(context.session.files, path, flags.bool('follow-link'));
  const { directory, name } = planCopy({ path, isDir: source.isDir }, to);
  const entries = source.entriesAs(name);
  await copyIn(engine, record, { directory, entries, asUser });
  report(context, entries, `${target.container}:${to.path}`);
}

/** What is at the destination; a link that is there is followed, also to nothing. */
function targetIn(tree: FileTree, record: ContainerRecord, path: string): CopyTarget {
  let found;
  try {
    found = statPath(tree, record, path === '' ? '.' : path);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { path, kind: 'none' };
  }
  if (path === '') return { path: '', kind: 'none' };
  if (found.entry.type !== 'symlink') {
    const { type } = found.entry;
    return {
      path,
      kind: type === 'dir' ? 'dir' : type === 'file' ? 'file' : refusedKind(record, path),
    };
  }
  const followed = followLink(tree, path);
  const kind = followed.entry ? (followed.entry.type === 'dir' ? 'dir' : 'file') : 'none';
  return { path: `/${followed.path}`, kind };
}

function refusedKind({ name }: ContainerRecord, path: string): never {
  throw refused(`destination "${name}:${path}" must be a directory or a regular file`);
}

async function copyOut(context: CommandContext, source: Argument, target: string): Promise<void> {
  const { engine, session, flags } = context;
  const record = await findContainer(engine, source.container);
  if (source.path === '') {
    throw new EngineError('copy-invalid', 'bad parameter: pathcannot be empty');
  }
  const to = target === '-' ? undefined : await localTarget(session.files, target);
  const tree = await mountedView(engine, record);
  let found = statPath(tree, record, source.path);
  if (flags.bool('follow-link') && found.entry.type === 'symlink') {
    const { path, entry } = followLink(tree, source.path);
    if (!entry) throw missing(`/${path}`, record);
    found = { path, entry };
  }
  emitContainerEvent(engine, record, 'archive-path');
  if (!to) {
    for await (const chunk of layerTar(archiveOf(tree, found.path, sourceName(source.path)))) {
      session.signal.throwIfAborted();
      session.stdout.write(chunk);
      await session.stdout.drain();
    }
    return;
  }
  const isDir = found.entry.type === 'dir';
  const { directory, name } = planCopy({ path: source.path, isDir }, to);
  const entries = archiveOf(tree, found.path, name);
  await writeLocal(session.files, directory, entries);
  report(context, entries, target);
}

/** Only somebody at a terminal is told. */
function report({ session, flags }: CommandContext, entries: readonly Entry[], to: string): void {
  if (flags.bool('quiet') || session.stderr.columns === undefined) return;
  const blocks = entries.map(({ size }) => 512 + Math.ceil(size / 512) * 512);
  const bytes = blocks.reduce((sum, size) => sum + size, 1024);
  session.stderr.write(`Successfully copied ${humanSize(bytes)} to ${to}\n`);
}
