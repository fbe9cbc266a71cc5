import { utf8 } from '../engine/bytes.ts';
import { parseManifest } from '../engine/images/documents.ts';
import { openDocuments, readDocument } from '../engine/images/open.ts';
import type { Engine } from '../engine/engine.ts';
import { parseReference } from '../engine/oci/reference.ts';
import type { FileTree } from '../engine/layer/tree.ts';
import type {
  ContainerSpec,
  ProcessExit,
  ProcessIo,
  ProcessSpec,
  RunningContainer,
} from '../engine/process/host.ts';
import type { Machine } from '../machine/machine.ts';
import { pantryEngine } from './machine.ts';

/** What Docker gives a container's process, `argv` apart. */
export function processSpec(
  argv: readonly string[],
  changes: Partial<ProcessSpec> = {},
): ProcessSpec {
  return {
    argv,
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    cwd: '/',
    user: { uid: 0, gid: 0, groups: [] },
    capabilities: USUAL,
    noNewPrivileges: false,
    ulimits: [],
    ...changes,
  };
}

const USUAL = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID'],
  ...['SETFCAP', 'SETPCAP', 'NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
].map((name) => `CAP_${name}`);

let last = 0;

/** A container of busybox that nothing is special about. */
export async function containerSpec(
  machine: Machine,
  argv: readonly string[],
  changes: Partial<ContainerSpec> = {},
  process: Partial<ProcessSpec> = {},
): Promise<ContainerSpec> {
  last += 1;
  return {
    id: last.toString(16).padStart(64, '0'),
    root: machine.host.writable(await busybox()),
    readOnlyRoot: false,
    process: processSpec(argv, process),
    mounts: [],
    hostname: 'test',
    init: false,
    privileged: false,
    ...{ pid: 'private', ipc: 'private', network: 'private' },
    limits: {},
    ...changes,
  };
}

/** Streams that are kept as text, with input from a text. */
export function textIo(input?: string): ProcessIo & {
  readonly out: () => string;
  readonly err: () => string;
} {
  const decoder = new TextDecoder();
  const text = { out: '', err: '' };
  return {
    ...(input !== undefined && { stdin: streamOf(input) }),
    stdout(bytes) {
      text.out += decoder.decode(bytes, { stream: true });
    },
    stderr(bytes) {
      text.err += decoder.decode(bytes, { stream: true });
    },
    out: () => text.out,
    err: () => text.err,
  };
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text);
}

export interface Outcome extends ProcessExit {
  readonly out: string;
  readonly err: string;
}

/** Runs a container of busybox to its end. */
export async function runContainer(
  machine: Machine,
  argv: readonly string[],
  changes: Partial<ContainerSpec> = {},
  process: Partial<ProcessSpec> & { readonly input?: string } = {},
): Promise<Outcome> {
  const { input, ...rest } = process;
  const io = textIo(input);
  const spec = await containerSpec(machine, argv, changes, rest);
  const exit = await (await machine.host.start(spec, io)).exit;
  return { ...exit, out: io.out(), err: io.err() };
}

/** Runs one more process in a container to its end. */
export async function execIn(
  container: RunningContainer,
  argv: readonly string[],
  process: Partial<ProcessSpec> & { readonly input?: string } = {},
): Promise<Outcome> {
  const { input, ...rest } = process;
  const io = textIo(input);
  const exit = await (await container.exec(processSpec(argv, rest), io)).exit;
  return { ...exit, out: io.out(), err: io.err() };
}

/** The pantry's busybox. */
export const busybox = (): Promise<FileTree> => imageTree('docker.io/library/busybox:latest');

const trees = new Map<string, Promise<FileTree>>();

/** The files of one of the pantry's images for the machine. */
export function imageTree(name: string): Promise<FileTree> {
  const known = trees.get(name) ?? readTree(pantryEngine(), name);
  trees.set(name, known);
  return known;
}

async function readTree(engine: Engine, name: string): Promise<FileTree> {
  for (const source of engine.sources) {
    const image = await source.resolve(parseReference(name), engine.defaultPlatform);
    if (!image) continue;
    const { digest } = image.manifest;
    const { config } = parseManifest(await readDocument(engine, digest));
    return (await openDocuments(engine, { id: config.digest, manifest: digest })).tree();
  }
  throw new Error(`${name} is not in the pantry`);
}
