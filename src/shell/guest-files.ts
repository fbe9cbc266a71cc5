import { type ByteStream, concat } from '../engine/bytes.ts';
import type { HostFiles } from '../engine/docker/session.ts';
import { EngineError } from '../engine/errors.ts';
import { contentOf } from '../engine/layer/content.ts';
import type { Entry } from '../engine/layer/entry.ts';
import { emptyTree } from '../engine/layer/file-tree.ts';
import { entriesOfTar } from '../engine/layer/from-tar.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import { writeTar } from '../engine/tar/writer.ts';
import type { Machine } from '../machine/machine.ts';
import { GUEST_ENV } from './environment.ts';
import type { SharedFolder } from './folder.ts';
import { absoluteIn, placeOf } from './paths.ts';

/** What may be read from a file or a directory of the guest's own, which goes through memory. */
const MOST = 256 * 1024 * 1024;

/**
 * The files of whoever typed `docker` in the guest: in the workspace those of the folder there,
 * elsewhere the guest's own, by its programs.
 */
export function guestFiles(
  machine: Machine,
  folder: SharedFolder,
  cwd: string,
  signal: AbortSignal,
): HostFiles {
  const shared = folder.files(signal);
  const guest = ownFiles(machine);
  const both = <T>(
    path: string,
    ask: (files: HostFiles, path: string) => Promise<T>,
  ): Promise<T> => {
    const place = placeOf(folder, absoluteIn(cwd, path));
    return place.kind === 'workspace' ? ask(shared, place.source || '.') : ask(guest, place.path);
  };
  return {
    open: (path) => both(path, (files, found) => files.open(found)),
    write: (path, bytes) => both(path, (files, found) => files.write(found, bytes)),
    kind: (path) => both(path, (files, found) => files.kind(found)),
    context: (path, wants) => both(path, (files, found) => files.context(found, wants)),
    writeTree: (path, tree) => both(path, (files, found) => files.writeTree(found, tree)),
  };
}

/** Paths are absolute and the guest's own. */
function ownFiles(machine: Machine): HostFiles {
  return {
    async open(path) {
      if ((await kindOf(machine, path)) === 'none') return undefined;
      const { code, stdout, stderr } = await run(machine, ['cat', '--', path]);
      if (code === 0) return contentOf(stdout);
      throw refused(stderr, path);
    },
    async write(path, bytes) {
      const script = 'cat >"$1.semdistro" && mv -f -- "$1.semdistro" "$1"';
      const { code, stderr } = await run(machine, ['sh', '-c', script, 'sh', path], bytes);
      if (code !== 0) throw refused(stderr, path);
    },
    kind: (path) => kindOf(machine, path),
    async context(path) {
      if ((await kindOf(machine, path)) !== 'dir') {
        const message = `unable to prepare context: path ${JSON.stringify(path)} not found`;
        throw new EngineError('context-missing', message);
      }
      const words = ['tar', '-c', '--numeric-owner', '--owner=0', '--group=0', '-C', path, '.'];
      const { code, stdout, stderr } = await run(machine, words);
      if (code !== 0) throw refused(stderr, path);
      return { tree: emptyTree.apply(await entriesOfTar(contentOf(stdout))) };
    },
    async writeTree(path, tree) {
      const made = await run(machine, ['mkdir', '-p', '--', path]);
      if (made.code !== 0) throw refused(made.stderr, path);
      const words = ['tar', '-x', '--no-same-owner', '-C', path, '-f', '-'];
      const { code, stderr } = await run(machine, words, writeTar(entriesOf(tree)));
      if (code !== 0) throw refused(stderr, path);
    },
  };
}

function* entriesOf(tree: FileTree): Generator<Entry> {
  for (const { entry } of tree.walk()) yield entry;
}

async function kindOf(machine: Machine, path: string): Promise<'file' | 'dir' | 'none'> {
  const { code, stdout } = await run(machine, ['stat', '-L', '-c', '%F', '--', path]);
  if (code !== 0) return 'none';
  return new TextDecoder().decode(stdout).trim() === 'directory' ? 'dir' : 'file';
}

function refused(stderr: string, path: string): EngineError {
  // `cat: /root/x: Permission denied`, without the program's name.
  const said = stderr
    .trim()
    .split('\n')[0]
    ?.replace(/^[a-z]+: /, '');
  const isDirectory = said?.endsWith('Is a directory') === true;
  return new EngineError(
    isDirectory ? 'is-a-directory' : 'guest-file',
    said || `cannot use ${path}`,
  );
}

async function run(
  machine: Machine,
  argv: readonly string[],
  stdin?: ByteStream,
): Promise<{ readonly code: number; readonly stdout: Uint8Array; readonly stderr: string }> {
  const output: [Uint8Array[], Uint8Array[]] = [[], []];
  let size = 0;
  const process = await machine.shell(
    { argv, env: GUEST_ENV, cwd: '/' },
    {
      ...(stdin && { stdin }),
      output(stream, bytes) {
        size += bytes.length;
        if (size > MOST) throw new RangeError(`more than ${MOST} bytes`);
        output[stream === 1 ? 0 : 1].push(bytes);
      },
    },
  );
  const code = await process.exit;
  return { code, stdout: concat(output[0]), stderr: new TextDecoder().decode(concat(output[1])) };
}
