import type { Wheel } from '../containers/wheelhouse.ts';

/** What a process that wanted the network is told: nothing here can give it one. */
export interface NoInternet {
  /** A host name was looked up in vain. */
  readonly lookup: (name: string) => void;
  /** The process wrote this. */
  output(bytes: Uint8Array): void;
  /** Why it cannot work and what to do; undefined when nothing was looked for. */
  hint(): string | undefined;
}

interface Advice {
  /** A host that was looked up. */
  readonly host: RegExp;
  /** What the process says where it does not even look for a host. */
  readonly says?: RegExp;
  readonly advice: string;
}

const ADVICE: readonly Advice[] = [
  {
    host: /(?:^|\.)(?:debian\.org|ubuntu\.com)$/,
    says: /^E: Unable to locate package|^E: Package '.*' has no installation candidate/m,
    advice:
      'apt finds nothing to install: begin with an image that has the program (`semdistro pantry list` shows them), or build this with your own Docker',
  },
  {
    host: /(?:^|\.)(?:alpinelinux\.org|apk\.cgr\.dev|packages\.wolfi\.dev)$/,
    advice:
      'apk finds nothing to install: begin with an image that has the program (`semdistro pantry list` shows them), or build this with your own Docker',
  },
  {
    host: /(?:^|\.)(?:pypi\.org|pythonhosted\.org)$/,
    advice:
      'pip finds only what is in the folder that PIP_FIND_LINKS names: leave --index-url and --isolated out, or build this with your own Docker',
  },
  {
    host: /^registry\.(?:npmjs\.org|yarnpkg\.com)$/,
    advice:
      'packages of npm cannot be fetched: do without dependencies, COPY a node_modules folder, or build this with your own Docker',
  },
  {
    host: /^(?:proxy|sum)\.golang\.org$/,
    advice:
      'modules of Go cannot be fetched: do without them, or run `go mod vendor` where there is a network and COPY the vendor folder',
  },
  {
    host: /(?:^|\.)(?:repo\.maven\.apache\.org|repo1\.maven\.org|services\.gradle\.org)$/,
    advice:
      'Maven and Gradle cannot fetch anything: compile with javac, or build this with your own Docker',
  },
  {
    host: /^(?:github\.com|raw\.githubusercontent\.com|codeload\.github\.com)$/,
    advice: 'put what it fetches into the build context and COPY it',
  },
];

/** Names that are no host anybody could reach: the process's own, and those of its network. */
const LOCAL = /^(?:localhost|buildkitsandbox|[^.]+)$/;
/** Enough of the output to find what it ended with. */
const KEPT = 16 * 1024;

/** `wheels` is what pip has here. */
export function noInternet(wheels: readonly Wheel[] = []): NoInternet {
  const names = new Set<string>();
  const decoder = new TextDecoder();
  let tail = '';
  return {
    lookup(name) {
      const host = name.replace(/\.$/, '').toLowerCase();
      if (!LOCAL.test(host)) names.add(host);
    },
    output(bytes) {
      tail = (tail + decoder.decode(bytes, { stream: true })).slice(-KEPT);
    },
    hint() {
      const requirement = UNSATISFIED.exec(tail)?.[1];
      if (requirement !== undefined && wheels.length > 0) return wheelHint(requirement, wheels);
      const said = ADVICE.find(({ says }) => says?.test(tail) === true);
      if (names.size === 0 && !said) return undefined;
      const found = [...names].map((name) => ADVICE.find(({ host }) => host.test(name)));
      const advice = found.find((one) => one !== undefined) ?? said;
      const why =
        names.size === 0
          ? 'There is no internet here'
          : `There is no internet here, and so no ${[...names].slice(0, 3).join(', ')}`;
      return advice
        ? `${why}: ${advice.advice}.`
        : `${why}: put what is fetched into the build context and COPY it, or build this with your own Docker.`;
    },
  };
}

/** What pip ends with when it has looked everywhere. */
const UNSATISFIED = /^ERROR: No matching distribution found for (.+?)(?: \(from .*\))?$/m;

function wheelHint(requirement: string, wheels: readonly Wheel[]): string {
  const project = /^[\w.-]*/
    .exec(requirement)?.[0]
    .toLowerCase()
    .replaceAll(/[-_.]+/g, '-');
  const other = wheels.find((wheel) => wheel.project === project);
  const why = 'There is no internet here, and of every project pip finds at most one version';
  if (other) {
    return `${why}: of ${other.project} it is ${other.version}. Ask for that (\`${other.project}==${other.version}\`, or no version), or build this with your own Docker.`;
  }
  const all = wheels.map((wheel) => `${wheel.project} ${wheel.version}`).join(', ');
  return `${why}. These are there: ${all}. Build with your own Docker what needs others.`;
}
