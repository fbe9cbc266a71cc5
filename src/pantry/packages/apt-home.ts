import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../../engine/errors.ts';
import { aptError, startError } from './apt-errors.ts';
import { archiveUri, mirrorOf, readSources } from './apt-mirror.ts';
import type { Mirror } from './apt-mirror.ts';
import { diskError } from './disk-error.ts';
import type { Architecture } from './port.ts';
import { run } from './run.ts';
import type { RunOptions, RunResult } from './run.ts';
import type { Suite } from './suites.ts';

/** An apt of our own for one architecture: configuration, lists, cache and an empty status in one folder. */
export interface AptHome {
  /** Runs an apt program with this configuration and no other. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Brings the index of one suite up to date; what apt knows otherwise stays as it is. */
  updateSuite(suite: Suite, options?: RunOptions): Promise<RunResult>;
  /** Whether there is a verified index of a suite, of now or of an earlier time. */
  hasIndex(suite: Suite): Promise<boolean>;
  /** Makes these suites what apt knows. */
  useSuites(suites: readonly Suite[]): Promise<void>;
}

/** What is taken over from the machine's apt: how it reaches the network. Nothing about trust. */
const TRANSPORT = /^Acquire::(?:https?|ftp|socks5h?|Retries|ForceIPv[46]|Proxy-Auto-Detect)\b/i;

/** Makes the folder when it is not there and writes its configuration anew. Errors: `packages-disk`, `packages-permission`, `packages-unavailable`. */
export async function openAptHome(
  directory: string,
  architecture: Architecture,
  mirror: Mirror,
): Promise<AptHome> {
  const path = (...names: string[]): string => join(directory, ...names);
  const configuration = path('apt.conf');
  const sourceList = path('sources.list');
  const settings: readonly (readonly [string, string])[] = [
    ['APT::Architecture', architecture],
    ['APT::Architectures', architecture],
    ['APT::Install-Recommends', 'false'],
    ['APT::Install-Suggests', 'false'],
    // Root would otherwise become _apt, who cannot write to a folder of ours.
    ['APT::Sandbox::User', process.getuid?.() === 0 ? 'root' : '_apt'],
    ['APT::Get::List-Cleanup', 'false'],
    ['APT::Update::Error-Mode', 'any'],
    ['Acquire::Languages', 'none'],
    ['Dir::Etc::main', '/dev/null'],
    ['Dir::Etc::parts', path('empty')],
    ['Dir::Etc::sourcelist', sourceList],
    ['Dir::Etc::sourceparts', path('empty')],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', path('empty')],
    ['Dir::State', directory],
    ['Dir::State::lists', path('lists')],
    ['Dir::State::status', path('status')],
    ['Dir::Cache', path('cache')],
    ['Dir::Cache::archives', path('cache', 'archives')],
    ['Dir::Log', path('log')],
  ];
  try {
    for (const name of ['empty', 'lists/partial', 'cache/archives/partial', 'log']) {
      await mkdir(path(name), { recursive: true });
    }
    await writeFile(path('status'), '');
    const own = settings.map(([key, value]) => `${key} ${quoted(value)};\n`).join('');
    await replaceFile(configuration, (await machineTransport()) + own);
  } catch (error) {
    throw diskError(error, directory);
  }
  const home = {
    async run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult> {
      const env = { ...options?.env, APT_CONFIG: configuration };
      try {
        return await run(command, args, { ...options, env });
      } catch (error) {
        throw startError(error);
      }
    },
  };
  /** Options that let apt see one suite only. */
  const only = async (suite: Suite): Promise<readonly string[]> => {
    const file = path(`${suite.name}.list`);
    await replaceFile(file, sourceLines([suite], mirror));
    // No cache of packages for one suite alone: it would be thrown away at once.
    return ['-o', `Dir::Etc::sourcelist=${file}`, '-o', 'pkgCacheFile::Generate=false'];
  };
  return {
    ...home,
    async updateSuite(suite, options) {
      return home.run('apt-get', [...(await only(suite)), 'update', '-q'], options);
    },
    async hasIndex(suite) {
      // `apt-get indextargets` would tell, but builds its whole cache of packages for the answer.
      const end = `_dists_${suite.name}_main_binary-${architecture}_Packages`;
      const names = await readdir(path('lists'));
      return names.some((name) => name.replace(/\.(?:gz|lz4|xz|zst|bz2)$/, '').endsWith(end));
    },
    async useSuites(suites) {
      await replaceFile(sourceList, sourceLines(suites, mirror));
    },
  };
}

/** In one step, so that another process which reads it sees the old or the new. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskError(error, dirname(file));
  }
}

function sourceLines(suites: readonly Suite[], mirror: Mirror): string {
  const lines = suites.flatMap(({ name, archive }) => {
    const uri = archiveUri(mirror, archive);
    return uri === undefined ? [] : [`deb [signed-by=${mirror.keyring}] ${uri} ${name} main\n`];
  });
  return lines.join('');
}

function quoted(value: string): string {
  if (!/["\n;]/.test(value)) return `"${value}"`;
  throw new EngineError('packages-unavailable', `apt cannot work in the folder ${value}`, {
    hint: 'Move the project to a folder without quotes or semicolons in its name.',
  });
}

async function machineTransport(): Promise<string> {
  const { stdout } = await machineApt(['dump']);
  const lines = stdout
    .split('\n')
    .filter((line) => TRANSPORT.test(line) && !/::Verify-(?:Peer|Host)/i.test(line));
  return lines.map((line) => `${line}\n`).join('');
}

/** The Debian mirror that the machine's own apt uses. */
export async function machineMirror(): Promise<Mirror> {
  const { stdout } = await machineApt([
    'shell',
    'LIST',
    'Dir::Etc::sourcelist/f',
    'PARTS',
    'Dir::Etc::sourceparts/d',
  ]);
  const list = /^LIST='(.*)'$/m.exec(stdout)?.[1] ?? '/etc/apt/sources.list';
  const parts = /^PARTS='(.*)'$/m.exec(stdout)?.[1] ?? '/etc/apt/sources.list.d';
  const mirror = mirrorOf(await readSources(list, parts));
  if (mirror) return mirror;
  throw new EngineError(
    'packages-unavailable',
    "this machine's apt has no Debian mirror among its sources",
    { hint: "The base images are made of Debian 13 packages: use the workshop's container image." },
  );
}

async function machineApt(args: readonly string[]): Promise<RunResult> {
  try {
    const result = await run('apt-config', args);
    if (result.code !== 0) throw aptError('apt-config', result);
    return result;
  } catch (error) {
    throw startError(error);
  }
}
