import { flag, isOn } from './flags.ts';
import { chomp, readHeredocWord } from './heredoc.ts';
import type { CopyInstruction, Heredoc } from './instructions.ts';
import { readJsonForm } from './json-form.ts';
import { isParseError, type ParseError } from './parse-error.ts';
import { notStrings } from './parse-command.ts';
import {
  atBuild,
  atLeastOne,
  exactlyOne,
  type InstructionParser,
  type Source,
} from './parse-instruction.ts';
import { remoteSource } from './remote-source.ts';
import { trimSpace } from './go-text.ts';
import { splitBlanks } from './words.ts';

/** COPY, ADD, VOLUME and WORKDIR: what names files. */

/** JSON form or words between blanks. */
function readList(source: Source): readonly string[] | ParseError {
  const { rest } = source.line;
  const strings = readJsonForm(rest.text);
  if (strings === 'not-strings') return notStrings(source);
  if (strings !== 'not-json') return strings;
  return splitBlanks(rest.text).map((word) => word.text);
}

const FLAGS = {
  chown: 'string',
  chmod: 'string',
  link: 'bool',
  exclude: 'strings',
} as const;
const COPY_FLAGS = { ...FLAGS, from: 'string', parents: 'bool' } as const;
const ADD_FLAGS = {
  ...FLAGS,
  checksum: 'string',
  'keep-git-dir': 'bool',
  unpack: 'bool',
} as const;

export const parseCopy: InstructionParser = (source) => {
  const { keyword } = source;
  const list = readList(source);
  if (isParseError(list)) return list;
  const destination = list.at(-1);
  if (destination === undefined || list.length < 2) {
    return source.fail(
      'missing-argument',
      `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`,
      `Write ${keyword} source… destination.`,
    );
  }
  const flags = source.flags(keyword === 'ADD' ? ADD_FLAGS : COPY_FLAGS);
  if (isParseError(flags)) return flags;
  if (heredocNamed(destination)) {
    return source.fail(
      'heredoc-destination',
      `${keyword} cannot accept a heredoc as a destination`,
      'A heredoc is a source; the last argument is a path.',
    );
  }
  const { sources, heredocs } = readSources(list.slice(0, -1), source.line.heredocs);
  for (const name of sources) {
    const problem = refuseRemote(source, name);
    if (problem) return problem;
  }
  const chown = flag(flags, 'chown');
  const chmod = flag(flags, 'chmod');
  const from = flag(flags, 'from');
  const copy: CopyInstruction = {
    kind: keyword === 'ADD' ? 'add' : 'copy',
    ...source.base,
    sources,
    heredocs,
    destination,
    // An empty value is as good as none to BuildKit.
    ...(from ? { from } : {}),
    ...(chown ? { chown } : {}),
    ...(chmod ? { chmod } : {}),
    link: isOn(flags, 'link'),
    parents: isOn(flags, 'parents'),
    exclude: (flags.get('exclude') ?? []).map(({ value }) => value),
  };
  if (keyword !== 'ADD') return copy;
  const checksum = flag(flags, 'checksum');
  return {
    ...copy,
    ...(checksum ? { checksum } : {}),
    ...(flags.has('keep-git-dir') ? { keepGitDir: isOn(flags, 'keep-git-dir') } : {}),
    ...(flags.has('unpack') ? { unpack: isOn(flags, 'unpack') } : {}),
  };
};

function heredocNamed(word: string) {
  try {
    return readHeredocWord(word);
  } catch {
    // Not even a word: BuildKit takes it for a path, and so fails later on its quotes.
    return undefined;
  }
}

function readSources(
  words: readonly string[],
  written: readonly Heredoc[],
): { sources: readonly string[]; heredocs: readonly Heredoc[] } {
  const sources: string[] = [];
  const heredocs: Heredoc[] = [];
  // Two heredocs of one name: the later content counts for both, as in BuildKit.
  const contents = new Map(written.map(({ name, raw }) => [name, raw]));
  for (const word of words) {
    const named = heredocNamed(word);
    if (!named) {
      sources.push(word);
      continue;
    }
    const raw = contents.get(named.name) ?? '';
    const content = named.chomp ? chomp(raw) : raw;
    heredocs.push({ ...named, raw, content });
  }
  return { sources, heredocs };
}

function refuseRemote(source: Source, name: string): ParseError | undefined {
  const remote = remoteSource(name);
  if (remote === undefined) return undefined;
  const refuse = (message: string, hint: string) =>
    atBuild(source.fail('remote-source', message, hint));
  const what = remote === 'git' ? 'a git repository' : 'a URL';
  if (source.keyword === 'COPY') {
    return refuse(
      remote === 'git' ? "source can't be a git ref for COPY" : "source can't be a URL for COPY",
      'COPY takes files of the context or of a stage.',
    );
  }
  return refuse(
    `ADD of ${what} is not possible: this engine has no network (${name})`,
    'Download it into the build context and name the file here.',
  );
}

export const parseVolume: InstructionParser = (source) => {
  const list = readList(source);
  if (isParseError(list)) return list;
  if (list.length === 0) return atLeastOne(source, 'VOLUME /data');
  const flags = source.flags({});
  if (isParseError(flags)) return flags;
  const values = list.map(trimSpace);
  if (values.includes('')) {
    return source.fail(
      'empty-volume',
      'VOLUME specified can not be an empty string',
      'Name the directory.',
    );
  }
  return { kind: 'volume', ...source.base, values };
};

const EXAMPLES: Readonly<Record<string, string>> = {
  WORKDIR: 'WORKDIR /app',
  USER: 'USER 65532:65532',
  STOPSIGNAL: 'STOPSIGNAL SIGTERM',
  MAINTAINER: 'LABEL org.opencontainers.image.authors="…"',
};

/** WORKDIR, USER, STOPSIGNAL, MAINTAINER: everything behind the keyword is one value. */
export const parseWord: InstructionParser = (source) => {
  const { keyword } = source;
  const value = source.line.rest.text;
  if (value === '') return exactlyOne(source, EXAMPLES[keyword] ?? keyword);
  // BuildKit never looks at the flags of STOPSIGNAL.
  const flags = keyword === 'STOPSIGNAL' ? new Map() : source.flags({});
  if (isParseError(flags)) return flags;
  switch (keyword) {
    case 'WORKDIR':
      return { kind: 'workdir', ...source.base, value };
    case 'USER':
      return { kind: 'user', ...source.base, value };
    case 'STOPSIGNAL':
      return { kind: 'stopsignal', ...source.base, value };
    default:
      return { kind: 'maintainer', ...source.base, value };
  }
};
