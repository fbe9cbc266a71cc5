/** What a check is about, for a terminal (`description`, `advice`) and for a page. */
export interface CheckPage {
  /** Docker's own sentence. */
  readonly description: string;
  /** What to do, one sentence. */
  readonly advice: string;
  /** Markdown: what, why, a bad and a good example. */
  readonly page: string;
  /** The check in Docker's reference. */
  readonly url: string;
  /** Dockerfile text that it finds something in, and the same put right. */
  readonly bad: string;
  readonly good: string;
}

interface Words {
  readonly slug: string;
  readonly description: string;
  readonly advice: string;
  readonly what: string;
  readonly why: string;
  readonly bad: string;
  readonly good: string;
}

const WORDS: Readonly<Record<string, Words>> = {
  StageNameCasing: {
    slug: 'stage-name-casing',
    description: 'Stage names should be lowercase',
    advice: 'Write the name of the stage in lower case.',
    what: 'The name behind `AS` has a capital letter in it.',
    why: 'Docker compares stage names without regard to case and shows them in lower case, while `FROM` itself wants the exact lower-case name. A name with capitals reads like one thing and is found under another.',
    bad: 'FROM golang:1.24 AS BuildBase\nRUN go version',
    good: 'FROM golang:1.24 AS build-base\nRUN go version',
  },
  FromAsCasing: {
    slug: 'from-as-casing',
    description: "The 'as' keyword should match the case of the 'from' keyword",
    advice: 'Write FROM and AS in the same case.',
    what: '`FROM` and `AS` of one line are written in different cases.',
    why: 'Both are keywords of the same instruction. Written alike, the eye finds at once where the image ends and the name of the stage begins.',
    bad: 'FROM debian:trixie-slim as build',
    good: 'FROM debian:trixie-slim AS build',
  },
  NoEmptyContinuation: {
    slug: 'no-empty-continuation',
    description: 'Empty continuation lines will become errors in a future release',
    advice: 'Take the empty line out, or begin it with #.',
    what: 'An instruction goes on in the next line, and that line is empty.',
    why: 'Docker skips the empty line and goes on joining, so the instruction is longer than it looks: whatever stands below the gap still belongs to it. One forgotten backslash turns the next instruction into an argument.',
    bad: 'RUN apt-get update && \\\n\n    apt-get install -y curl',
    good: 'RUN apt-get update && \\\n    # comments are fine here\n    apt-get install -y curl',
  },
  ConsistentInstructionCasing: {
    slug: 'consistent-instruction-casing',
    description:
      'All commands within the Dockerfile should use the same casing (either upper or lower)',
    advice: 'Write all instructions in one case, best in capitals.',
    what: 'Some instructions are in capitals and some are not, or one mixes both.',
    why: 'Docker reads either. People read capitals as instructions and the rest as arguments, and a file that keeps to one of them is quicker to scan.',
    bad: 'FROM scratch\nCopy app /app\nentrypoint ["/app"]',
    good: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]',
  },
  DuplicateStageName: {
    slug: 'duplicate-stage-name',
    description: 'Stage names should be unique',
    advice: 'Give each stage a name of its own.',
    what: 'Two stages have the same name.',
    why: 'From then on the name means the later one, also in a `COPY --from` that was written with the first in mind. Nothing fails; the wrong files are copied.',
    bad: 'FROM debian:trixie-slim AS build\nFROM golang:1.24 AS build',
    good: 'FROM debian:trixie-slim AS tools\nFROM golang:1.24 AS build',
  },
  ReservedStageName: {
    slug: 'reserved-stage-name',
    description: 'Reserved words should not be used as stage names',
    advice: 'Choose another name than scratch or context.',
    what: 'A stage is called `scratch` or `context`.',
    why: '`scratch` is the empty image and `context` the folder that is being built. A stage of that name hides them, or is hidden by them, depending on where the name is used.',
    bad: 'FROM debian:trixie-slim AS scratch\nCOPY . /app',
    good: 'FROM debian:trixie-slim AS base\nCOPY . /app',
  },
  JSONArgsRecommended: {
    slug: 'json-args-recommended',
    description:
      'JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals',
    advice: 'Write the command as a JSON array: CMD ["program", "argument"].',
    what: '`CMD` or `ENTRYPOINT` is in shell form, a plain line of text.',
    why: 'Docker wraps a plain line in `/bin/sh -c`. The shell becomes process 1 and does not pass signals on, so `docker stop` waits ten seconds and then kills. And an image without a shell, as distroless ones are, cannot start the line at all.',
    bad: 'FROM gcr.io/distroless/python3-debian13\nENTRYPOINT python3 /app/main.py',
    good: 'FROM gcr.io/distroless/python3-debian13\nENTRYPOINT ["python3", "/app/main.py"]',
  },
  MaintainerDeprecated: {
    slug: 'maintainer-deprecated',
    description:
      'The MAINTAINER instruction is deprecated, use a label instead to define an image author',
    advice: 'Write LABEL org.opencontainers.image.authors="…" instead.',
    what: 'The file uses `MAINTAINER`.',
    why: 'The instruction writes one field that few tools show. A label says the same under a name the OCI specification gives, and every tool that reads labels can read it.',
    bad: 'MAINTAINER someone@example.com',
    good: 'LABEL org.opencontainers.image.authors="someone@example.com"',
  },
  UndefinedArgInFrom: {
    slug: 'undefined-arg-in-from',
    description: 'FROM command must use declared ARGs',
    advice: 'Declare the variable with ARG above the first FROM.',
    what: '`FROM` uses a variable that no `ARG` above the first `FROM` declares.',
    why: '`FROM` sees only those, and the predefined platform arguments. An undeclared name is empty, so the line names another image than it seems to, or none.',
    bad: 'FROM node:24${VARIANT}',
    good: 'ARG VARIANT=-trixie-slim\nFROM node:24${VARIANT}',
  },
  WorkdirRelativePath: {
    slug: 'workdir-relative-path',
    description:
      'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
    advice: 'Begin the path with a slash.',
    what: 'The first `WORKDIR` of a stage is a relative path.',
    why: 'It is taken relative to the working directory of the base image. When that image changes its own, your files move with it.',
    bad: 'FROM nginx\nWORKDIR usr/share/nginx/html',
    good: 'FROM nginx\nWORKDIR /usr/share/nginx/html',
  },
  UndefinedVar: {
    slug: 'undefined-var',
    description: 'Variables should be defined before their use',
    advice: 'Declare it with ARG or ENV before this line, or correct the name.',
    what: 'An instruction uses a variable that neither the base image nor an `ARG` or `ENV` above sets.',
    why: 'An unknown variable is the empty string, silently. An `ARG` above the first `FROM` does not count inside a stage until the stage declares it again.',
    bad: 'FROM scratch\nCOPY $src /app/',
    good: 'FROM scratch\nARG src=dist\nCOPY $src /app/',
  },
  MultipleInstructionsDisallowed: {
    slug: 'multiple-instructions-disallowed',
    description: 'Multiple instructions of the same type should not be used in the same stage',
    advice: 'Keep the last one and remove the others.',
    what: 'A stage has more than one `CMD`, `ENTRYPOINT` or `HEALTHCHECK`.',
    why: 'An image has one of each; the last one wins and the others do nothing but mislead.',
    bad: 'FROM scratch\nENTRYPOINT ["/old"]\nENTRYPOINT ["/new"]',
    good: 'FROM scratch\nENTRYPOINT ["/new"]',
  },
  LegacyKeyValueFormat: {
    slug: 'legacy-key-value-format',
    description: 'Legacy key/value format with whitespace separator should not be used',
    advice: 'Write name=value, in double quotes when the value has spaces.',
    what: '`ENV` or `LABEL` is written as name, space, value.',
    why: 'In that form the rest of the line is the value, so it can set one variable only and is easily misread: `ENV A B=c` sets `A` to `B=c`.',
    bad: 'ENV GREETING hello world',
    good: 'ENV GREETING="hello world"',
  },
  RedundantTargetPlatform: {
    slug: 'redundant-target-platform',
    description:
      'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
    advice: 'Leave --platform=$TARGETPLATFORM out.',
    what: '`FROM --platform=$TARGETPLATFORM` asks for what happens anyway.',
    why: 'The target platform is the default. Written out it makes readers look for a difference that is not there; `$BUILDPLATFORM` is the one that changes something.',
    bad: 'FROM --platform=$TARGETPLATFORM debian:trixie-slim AS run',
    good: 'FROM debian:trixie-slim AS run',
  },
  SecretsUsedInArgOrEnv: {
    slug: 'secrets-used-in-arg-or-env',
    description: 'Sensitive data should not be used in the ARG or ENV commands',
    advice: 'Use RUN --mount=type=secret while building, and pass it at run time otherwise.',
    what: 'The name of an `ARG` or `ENV` sounds like a secret.',
    why: 'Both end up in the image: `ENV` in its configuration, `ARG` in its history. Whoever can pull the image can read them with `docker history` or `docker inspect`, and deleting them in a later layer does not help.',
    bad: 'FROM scratch\nARG AWS_SECRET_ACCESS_KEY',
    good: 'FROM debian:trixie-slim\nRUN --mount=type=secret,id=aws cat /run/secrets/aws',
  },
  InvalidDefaultArgInFrom: {
    slug: 'invalid-default-arg-in-from',
    description: 'Default value for global ARG results in an empty or invalid base image name',
    advice: 'Give the ARG a default that makes a valid image name.',
    what: 'Without `--build-arg` the image of a `FROM` is empty or no valid name.',
    why: 'The file then builds only for those who know which argument to pass. A default makes it build for everybody, and documents what is expected.',
    bad: 'ARG TAG\nFROM busybox:${TAG}',
    good: 'ARG TAG=1.37\nFROM busybox:${TAG}',
  },
  FromPlatformFlagConstDisallowed: {
    slug: 'from-platform-flag-const-disallowed',
    description: 'FROM --platform flag should not use a constant value',
    advice: 'Leave the flag out, use $BUILDPLATFORM, or name the stage after the platform.',
    what: '`FROM --platform` names a platform outright.',
    why: 'Then the stage is for that platform whatever the build asks for, and a build for another one quietly contains the wrong programs. A stage meant to be special should say so in its name.',
    bad: 'FROM --platform=linux/amd64 debian:trixie-slim AS base',
    good: 'FROM --platform=linux/amd64 debian:trixie-slim AS base-amd64',
  },
  CopyIgnoredFile: {
    slug: 'copy-ignored-file',
    description: 'Attempting to Copy file that is excluded by .dockerignore',
    advice:
      'Take the pattern out of .dockerignore, add an exception with !, or do not copy the file.',
    what: '`COPY` or `ADD` names a file that `.dockerignore` keeps out of the build context.',
    why: 'To the build that file does not exist, so the instruction fails, and the message says "not found" about a file that is plainly there.',
    bad: '# .dockerignore holds: dist\nFROM scratch\nCOPY dist /app',
    good: '# .dockerignore holds: dist/*.map\nFROM scratch\nCOPY dist /app',
  },
  InvalidDefinitionDescription: {
    slug: 'invalid-definition-description',
    description:
      'Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.',
    advice: 'Begin the comment with the name, or put an empty line below it.',
    what: 'The comment right above an `ARG` or a named `FROM` does not begin with its name.',
    why: '`docker build --call=outline` and `--call=targets` print these comments as descriptions, and find them by the name they begin with.',
    bad: '# a version to build\nARG VERSION=1',
    good: '# VERSION the version to build\nARG VERSION=1',
  },
  ExposeProtoCasing: {
    slug: 'expose-proto-casing',
    description: 'Protocol in EXPOSE instruction should be lowercase',
    advice: 'Write the protocol in lower case.',
    what: 'The protocol of an `EXPOSE` has capitals.',
    why: 'Ports are stored as `80/tcp`. Tools that compare what they read with what they wrote are spared a surprise when the file says it the same way.',
    bad: 'EXPOSE 80/TcP',
    good: 'EXPOSE 80/tcp',
  },
  ExposeInvalidFormat: {
    slug: 'expose-invalid-format',
    description:
      'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
    advice: "Name the container's port only; docker run -p maps it.",
    what: '`EXPOSE` has an address or a port of the host in it.',
    why: 'An image cannot decide which port of a host it gets. Docker drops that part today and means to refuse it later.',
    bad: 'EXPOSE 127.0.0.1:80:80',
    good: 'EXPOSE 80',
  },
};

/** By the name of the check. */
export const checkPages: ReadonlyMap<string, CheckPage> = new Map(
  Object.entries(WORDS).map(([name, words]) => [name, pageOf(name, words)]),
);

function pageOf(name: string, { slug, what, why, ...rest }: Words): CheckPage {
  const url = `https://docs.docker.com/reference/build-checks/${slug}/`;
  const { advice, bad, good, description } = rest;
  const example = (text: string) => `\`\`\`dockerfile\n${text}\n\`\`\``;
  const page = [
    `# ${name}`,
    what,
    '## Why it matters',
    why,
    '## What to do',
    advice,
    'Bad:',
    example(bad),
    'Good:',
    example(good),
    `Docker's own page: <${url}>`,
  ].join('\n\n');
  return { description, advice, bad, good, url, page };
}
