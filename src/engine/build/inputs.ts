import { collect, decodeName } from '../bytes.ts';
import type { Session } from '../docker/session.ts';
import { EngineError } from '../errors.ts';
import { contentOf } from '../layer/content.ts';
import type { Entry } from '../layer/entry.ts';
import { emptyTree } from '../layer/file-tree.ts';
import { rootedPath } from '../layer/path.ts';
import type { FileTree } from '../layer/tree.ts';
import type { BuildRequest } from './request.ts';
import { archiveEntries } from './unpack.ts';

export type BuildInputs = Pick<BuildRequest, 'dockerfile' | 'ignore' | 'context'>;

/** Larger is no Dockerfile; the parser takes 10 MB without trouble. */
const LARGEST_DOCKERFILE = 64 * 1024 * 1024;
/** A context from standard input is kept in memory. */
const LARGEST_ARCHIVE = 2 * 1024 * 1024 * 1024;

/**
 * Reads Dockerfile and ignore file, and says where the context is. `path` is a folder or `-`,
 * `file` what `-f` says; either may come from standard input. Errors: `context-missing`,
 * `context-remote`, `dockerfile-missing`, `stdin-twice`, those of reading a tar.
 */
export async function readInputs(
  session: Session,
  path: string,
  file: string | undefined,
): Promise<BuildInputs> {
  if (path === '-') {
    if (file === '-') {
      throw new EngineError(
        'stdin-twice',
        "invalid argument: can't use stdin for both build context and dockerfile",
      );
    }
    return fromStdin(session, file);
  }
  if (/^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/|github\.com\/)/.test(path)) {
    throw new EngineError(
      'context-remote',
      `unable to prepare context: ${path} is on the network, and this build has none`,
      { hint: 'Fetch it first and give the folder.' },
    );
  }
  if (path === '') {
    throw new EngineError(
      'context-missing',
      'please specify build context (e.g. "." for the current directory)',
    );
  }
  const kind = await session.files.kind(path);
  if (kind !== 'dir') {
    const why = kind === 'none' ? 'not found' : 'is not a directory';
    throw new EngineError(
      'context-missing',
      `unable to prepare context: path ${JSON.stringify(path)} ${why}`,
      { hint: 'The last argument is the folder with the files, usually a dot.' },
    );
  }
  const dockerfile = await readDockerfile(session, path, file);
  const ignore =
    (dockerfile.path === undefined
      ? undefined
      : await readText(session, `${dockerfile.path}.dockerignore`)) ??
    (await readText(session, inFolder(path, '.dockerignore')));
  return {
    dockerfile,
    ...(ignore !== undefined && { ignore: { name: '.dockerignore', source: ignore } }),
    context: (wants) => session.files.context(path, wants),
  };
}

interface NamedDockerfile {
  readonly name: string;
  readonly source: string;
  readonly path?: string;
}

async function readDockerfile(
  session: Session,
  folder: string,
  file: string | undefined,
): Promise<NamedDockerfile> {
  if (file === '-') {
    return {
      name: 'Dockerfile',
      source: decodeName(await collect(session.stdin, LARGEST_DOCKERFILE)),
    };
  }
  const paths =
    file === undefined || file === ''
      ? [inFolder(folder, 'Dockerfile'), inFolder(folder, 'dockerfile')]
      : [file];
  for (const path of paths) {
    const source = await readText(session, path);
    if (source !== undefined) return { name: nameOf(path), source, path };
  }
  throw missingDockerfile(nameOf(paths[0] ?? 'Dockerfile'));
}

function missingDockerfile(name: string): EngineError {
  return new EngineError(
    'dockerfile-missing',
    `failed to read dockerfile: open ${name}: no such file or directory`,
    { hint: 'Name the Dockerfile with -f when it is elsewhere.' },
  );
}

async function readText(session: Session, path: string): Promise<string | undefined> {
  const content = await session.files.open(path);
  return content && decodeName(await collect(content.stream(), LARGEST_DOCKERFILE));
}

function inFolder(folder: string, name: string): string {
  return `${folder.replace(/\/+$/, '')}/${name}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A tar (or tar.gz) is the context; anything else is a Dockerfile without one. */
async function fromStdin(session: Session, file: string | undefined): Promise<BuildInputs> {
  const bytes = await collect(session.stdin, LARGEST_ARCHIVE);
  const entries = await archiveEntries(contentOf(bytes), session.engine.platform);
  if (!entries) {
    const context = async () => ({ tree: emptyTree });
    return { dockerfile: { name: 'Dockerfile', source: decodeName(bytes) }, context };
  }
  const tree = emptyTree.apply(entries.map(ownedByRoot));
  const names =
    file === undefined || file === '' ? ['Dockerfile', 'dockerfile'] : [rootedPath(file)];
  for (const name of names) {
    const source = await textIn(tree, name);
    if (source === undefined) continue;
    const ignore =
      (await textIn(tree, `${name}.dockerignore`)) ?? (await textIn(tree, '.dockerignore'));
    return {
      dockerfile: { name: nameOf(name), source },
      ...(ignore !== undefined && { ignore: { name: '.dockerignore', source: ignore } }),
      context: async () => ({ tree }),
    };
  }
  throw missingDockerfile(names[0] ?? 'Dockerfile');
}

function ownedByRoot(entry: Entry): Entry {
  return { ...entry, uid: 0, gid: 0 };
}

async function textIn(tree: FileTree, path: string): Promise<string | undefined> {
  const at = tree.resolve(path);
  const content = at === undefined ? undefined : tree.get(at)?.entry.content;
  return content && decodeName(await collect(content.stream(), LARGEST_DOCKERFILE));
}
