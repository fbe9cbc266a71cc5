import { describe, expect, test } from 'vitest';
import { checkDockerfile, checks, type CheckOptions } from './checks.ts';
import { parseDockerfile } from './parse.ts';

function find(source: string, options: CheckOptions = {}) {
  const { dockerfile, diagnostics } = parseDockerfile(source);
  if (!dockerfile) throw new Error(diagnostics[0]?.message);
  return checkDockerfile(dockerfile, options).map(
    ({ code, range, message }) => `${code}:${range.start.line + 1} ${message}`,
  );
}

const KNOWN: CheckOptions = {
  imageEnv: () => ['PATH=/bin'],
  isIgnored: (path) => path === 'dist',
};

interface Case {
  readonly check: string;
  readonly source: string;
  readonly line: number;
  readonly message: string;
}

/** `source` triggers the check, on that line, in Docker's words. */
const FOUND: readonly Case[] = [
  {
    check: 'StageNameCasing',
    source: 'FROM scratch AS Build',
    line: 1,
    message: "Stage name 'Build' should be lowercase",
  },
  {
    check: 'FromAsCasing',
    source: 'FROM scratch as b',
    line: 1,
    message: "'as' and 'FROM' keywords' casing do not match",
  },
  {
    check: 'NoEmptyContinuation',
    source: 'FROM scratch\nLABEL a=b \\\n\n  c=d\n',
    line: 3,
    message: 'Empty continuation line',
  },
  {
    check: 'ConsistentInstructionCasing',
    source: 'FROM scratch\nUSER 1\nLabel a=b\n',
    line: 3,
    message: "Command 'Label' should match the case of the command majority (uppercase)",
  },
  {
    check: 'ConsistentInstructionCasing',
    source: 'from scratch\nuser 1\nLABEL a=b\n',
    line: 3,
    message: "Command 'LABEL' should match the case of the command majority (lowercase)",
  },
  {
    check: 'DuplicateStageName',
    source: 'FROM scratch AS a\nFROM scratch AS a\n',
    line: 2,
    message: 'Duplicate stage name "a", stage names should be unique',
  },
  {
    check: 'ReservedStageName',
    source: 'FROM busybox AS context',
    line: 1,
    message: 'Stage name should not use the same name as reserved stage "context"',
  },
  {
    check: 'JSONArgsRecommended',
    source: 'FROM scratch\nCMD echo hi',
    line: 2,
    message:
      'JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
  },
  {
    check: 'MaintainerDeprecated',
    source: 'FROM scratch\nMAINTAINER me',
    line: 2,
    message: 'Maintainer instruction is deprecated in favor of using label',
  },
  {
    check: 'UndefinedArgInFrom',
    source: 'ARG VERSION=1\nFROM busybox:${VERSIO}x',
    line: 2,
    message: "FROM argument 'VERSIO' is not declared (did you mean VERSION?)",
  },
  {
    check: 'WorkdirRelativePath',
    source: 'FROM scratch\nWORKDIR app',
    line: 2,
    message: 'Relative workdir "app" can have unexpected results if the base image changes',
  },
  {
    check: 'UndefinedVar',
    source: 'FROM busybox\nENV PATH=$PAHT:/app\n',
    line: 2,
    message: "Usage of undefined variable '$PAHT' (did you mean $PATH?)",
  },
  {
    check: 'UndefinedVar',
    source: 'ARG v=1\nFROM scratch\nCOPY $v /\n',
    line: 3,
    message: "Usage of undefined variable '$v'",
  },
  {
    check: 'MultipleInstructionsDisallowed',
    source: 'FROM scratch\nCMD ["a"]\nCMD ["b"]',
    line: 2,
    message:
      'Multiple CMD instructions should not be used in the same stage because only the last one will be used',
  },
  {
    check: 'LegacyKeyValueFormat',
    source: 'FROM scratch\nENV a b',
    line: 2,
    message: '"ENV key=value" should be used instead of legacy "ENV key value" format',
  },
  {
    check: 'RedundantTargetPlatform',
    source: 'FROM --platform=$TARGETPLATFORM scratch',
    line: 1,
    message:
      'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
  },
  {
    check: 'SecretsUsedInArgOrEnv',
    source: 'FROM scratch\nARG GITHUB_TOKEN',
    line: 2,
    message: 'Do not use ARG or ENV instructions for sensitive data (ARG "GITHUB_TOKEN")',
  },
  {
    check: 'InvalidDefaultArgInFrom',
    source: 'ARG TAG\nFROM busybox:${TAG}',
    line: 2,
    message: 'Default value for ARG busybox:${TAG} results in empty or invalid base image name',
  },
  {
    check: 'FromPlatformFlagConstDisallowed',
    source: 'FROM --platform=linux/amd64 busybox AS base',
    line: 1,
    message: 'FROM --platform flag should not use constant value "linux/amd64"',
  },
  {
    check: 'CopyIgnoredFile',
    source: 'FROM scratch\nCOPY a dist /x/',
    line: 2,
    message: 'Attempting to COPY file "dist" that is excluded by .dockerignore',
  },
  {
    check: 'InvalidDefinitionDescription',
    source: '# check=experimental=all\n# nonsense\nARG a=1\nFROM scratch',
    line: 3,
    message: 'Comment for ARG should follow the format: `# a <description>`',
  },
  {
    check: 'ExposeProtoCasing',
    source: 'FROM scratch\nEXPOSE 80/TCP',
    line: 2,
    message: "Defined protocol '80/TCP' in EXPOSE instruction should be lowercase",
  },
  {
    check: 'ExposeInvalidFormat',
    source: 'FROM scratch\nEXPOSE 127.0.0.1:80:80',
    line: 2,
    message:
      "EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80'",
  },
];

test.each(FOUND)('$check in $source', ({ check, source, line, message }) => {
  expect(find(source, KNOWN)).toContain(`${check}:${line} ${message}`);
});

/** Nothing at all is found in these, each the twin of something above. */
const CLEAN: readonly (readonly [name: string, source: string])[] = [
  ['lower-case stage name, matching AS', 'FROM scratch AS build'],
  ['lower-case as below lower-case from', 'from scratch as build'],
  ['comment in a continuation', 'FROM scratch\nLABEL a=b \\\n# c\n  c=d'],
  ['exec form', 'FROM scratch\nCMD ["echo", "hi"]'],
  ['shell form below a SHELL', 'FROM scratch\nSHELL ["/bin/bash", "-c"]\nCMD echo hi'],
  ['empty CMD', 'FROM scratch\nCMD'],
  ['declared variable in FROM', 'ARG V=1\nFROM busybox:$V'],
  ['platform variable in FROM', 'FROM --platform=$BUILDPLATFORM busybox'],
  ['relative below absolute', 'FROM scratch\nWORKDIR /a\nWORKDIR b'],
  [
    'relative in a stage on one with an absolute',
    'FROM scratch AS a\nWORKDIR /a\nFROM a\nWORKDIR b',
  ],
  ['variable in WORKDIR', 'FROM scratch\nARG d=/x\nWORKDIR $d/y'],
  ['variable declared again in the stage', 'ARG v=1\nFROM scratch\nARG v\nCOPY $v /'],
  ['variable with a default', 'FROM scratch\nCOPY ${v:-a} /'],
  ['variable of the base image', 'FROM busybox\nENV PATH=$PATH:/app'],
  ['ENV of a stage above', 'FROM scratch AS a\nENV v=1\nFROM a\nCOPY $v /'],
  ['shell variable in RUN', 'FROM busybox\nRUN echo $HOME'],
  ['one CMD per stage', 'FROM scratch AS a\nCMD ["a"]\nFROM scratch\nCMD ["b"]'],
  ['public key', 'FROM scratch\nARG PUBLIC_KEY\nENV TOKEN_FILE=/x KEYBOARD=de'],
  ['default that makes a name', 'ARG TAG=1\nFROM busybox:$TAG'],
  ['constant platform in the name', 'FROM --platform=linux/amd64 busybox AS base-amd64'],
  ['ignored name in another stage', 'FROM scratch AS a\nFROM scratch\nCOPY --from=a dist /x'],
  [
    'description of an argument',
    '# check=experimental=all\n# a is a number\nARG a=1\nFROM scratch',
  ],
  ['comment apart from the argument', '# check=experimental=all\n# hm\n\nARG a=1\nFROM scratch'],
  ['experimental check not asked for', '# nonsense\nARG a=1\nFROM scratch'],
  ['port and protocol', 'FROM scratch\nARG p=1\nEXPOSE 80/tcp 90-91/udp ${p:-5}'],
];

test.each(CLEAN)('nothing to find: %s', (_, source) => {
  expect(find(source, KNOWN)).toEqual([]);
});

describe('what a file says about its checks', () => {
  const SOURCE = 'FROM scratch\nCMD echo\nMAINTAINER me\n';

  test('without a word both are found', () => {
    expect(find(SOURCE).map((line) => line.split(':')[0])).toEqual([
      'JSONArgsRecommended',
      'MaintainerDeprecated',
    ]);
  });

  test.each([
    ['# check=skip=JSONArgsRecommended\n', ['MaintainerDeprecated']],
    ['# Check = skip = jsonargsrecommended , MaintainerDeprecated\n', []],
    ['# check=skip=all\n', []],
    ['# syntax=x\n# check=skip=all\n', []],
    // Not at the top: a comment.
    ['\n# check=skip=all\n', ['JSONArgsRecommended', 'MaintainerDeprecated']],
  ])('%j', (directive, names) => {
    expect(find(directive + SOURCE).map((line) => line.split(':')[0])).toEqual(names);
  });

  test('error=true makes errors of them', () => {
    const { dockerfile } = parseDockerfile(`# check=error=true\n${SOURCE}`);
    expect(dockerfile && checkDockerfile(dockerfile).map(({ severity }) => severity)).toEqual([
      'error',
      'error',
    ]);
  });

  test('an image nobody knows is not guessed about', () => {
    expect(find('FROM python\nARG V=$PYTHON_VERSION')).toEqual([]);
    expect(find('FROM python\nARG V=$PYTHON_VERSION', KNOWN)).toHaveLength(1);
  });
});

describe.each(checks)('the page of $name', (check) => {
  const body = (text: string) => (/^FROM /im.test(text) ? text : `FROM scratch\n${text}\n`);
  const directive = '# check=experimental=all\n';
  const names = (text: string, options: CheckOptions) =>
    find(directive + body(text), options).map((line) => line.split(':')[0]);

  test('shows something it finds', () => {
    expect(names(check.bad, KNOWN)).toContain(check.name);
  });

  test('and something it does not', () => {
    // In the good example .dockerignore is another one.
    expect(names(check.good, { ...KNOWN, isIgnored: () => false })).not.toContain(check.name);
  });

  test('explains it', () => {
    for (const part of [`# ${check.name}`, '## Why', check.advice, check.bad, check.good]) {
      expect(check.page).toContain(part);
    }
    expect(check.url).toMatch(/^https:\/\/docs\.docker\.com\/reference\/build-checks\/[a-z-]+\/$/);
    expect(check.description.length).toBeGreaterThan(10);
  });
});
