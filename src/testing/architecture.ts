import { pathTo } from './import-graph.ts';
import type { ImportGraph } from './import-graph.ts';

/** What the files of one part may import besides each other. Patterns match the start of a target. */
interface Part {
  readonly files?: readonly string[];
  /** Undefined: any package. */
  readonly packages?: readonly string[];
  /** Whether it may import `node:…`. */
  readonly node?: boolean;
  /** Of the site: it is there in a browser, or what is there is made of it. */
  readonly site?: boolean;
}

/** The engine's ports: interfaces that an adapter needs to know and that know no adapter. */
const ports = [
  ...['src/engine/process/', 'src/engine/layer/', 'src/engine/tar/'],
  ...['src/engine/platform.ts', 'src/engine/bytes.ts', 'src/engine/errors.ts', 'src/engine/oci/'],
];

/**
 * The arrows of ARCHITECTURE.md, a folder of src each. What is not named here is a part of the
 * site: it runs in a browser, and may import any part that does too.
 */
const parts: Readonly<Record<string, Part>> = {
  engine: { packages: ['fflate', '@noble/hashes'] },
  machine: { files: ports, packages: ['v86'] },
  // Checks are written against the port in src/verify; who makes an engine of it is not their business.
  verify: { files: [...ports, 'src/engine/dockerfile/'] },
  // What a lab is: its manifest, its files, its random values. Who reads them from where is not its business.
  labs: {
    files: ['src/verify/', 'src/engine/errors.ts', 'src/engine/dockerfile/'],
    packages: ['yaml', 'zod'],
  },
  adapters: { files: ['src/verify/', 'src/engine/', 'src/machine/'] },
  // HTTP over a connection of the machine's, in a worker, a service worker and the previewed page alike.
  preview: { files: ports, packages: [] },
  // `docker` as the guest's shell has it, on the command line and in the page.
  shell: { files: ['src/engine/', 'src/machine/'], packages: ['yaml'] },
  // The machine, because the snapshot of a booted kernel is made by running it.
  pantry: { files: ['src/engine/', 'src/machine/'], node: true },
  cli: {
    files: ['engine', 'pantry', 'verify', 'labs', 'machine', 'shell', 'adapters', 'setup'].map(
      (n) => `src/${n}/`,
    ),
    node: true,
  },
  // The packages are what the set-up installs: only what runs after it may use them, or the pantry.
  setup: { files: ['src/pantry/packages/', 'src/site-build/csp.ts'], node: true },
  // Where the site's pages are, and the words that all of it shares.
  i18n: { files: ['src/verify/words.ts'], packages: [] },
  // Elements, and drawings for buttons: what terminal, editor and workbench all draw with.
  dom: { packages: [], site: true },
  // Orders the lessons and finds what leads nowhere, while the site is built.
  curriculum: {
    files: ['engine', 'pantry', 'verify', 'labs', 'i18n'].map((n) => `src/${n}/`),
    node: true,
  },
  // What pages are made of beside words: fonts, pictures of links, what the pantry says of itself.
  'site-build': {
    files: ['engine', 'pantry', 'curriculum', 'i18n', 'picture'].map((n) => `src/${n}/`),
    node: true,
  },
  // While the site is built, too; what a page's script imports is bundled, where nothing of Node's is.
  pages: { files: ['src/'], node: true, site: true },
  layouts: { files: ['src/'], node: true, site: true },
  components: { files: ['src/'], node: true, site: true },
  // Measures everything, so it may import everything.
  bench: { files: ['src/'], node: true },
};

const site: Part = { files: ['src/'], site: true };

/** What a browser runs: it has what the curriculum made, not what makes it. */
const inBrowser = /^src\/(dom|workbench|terminal|editor|picture)\//;

/** What a page is given of the curriculum: types and data. */
const given = 'src/curriculum/lab-data.ts';

/** Parts that never run in a browser: the site imports none of them, and nobody imports cli. */
const offline = ['src/pantry/', 'src/cli/', 'src/setup/', 'src/bench/'];

/** The one place of its kind that may import a thing. */
const places: readonly { readonly target: RegExp; readonly place: RegExp; readonly why: string }[] =
  [
    {
      target: /^astro:content$/,
      place: /^src\/curriculum\/content\.ts$/,
      why: 'only src/curriculum/content.ts imports astro:content',
    },
    {
      target: /^@xterm\//,
      place: /^src\/terminal\//,
      why: 'only src/terminal imports xterm',
    },
  ];

/** The adapter that talks to a Docker's socket runs under Node, unlike the other. */
const dockerAdapter = 'src/adapters/docker/';

/** Tests, what only they use, and contract suites, which are tests that are given what they test. */
export function isTestCode(file: string): boolean {
  return /\.test\.ts$|^src\/(?:testing|site-tests)\/|(^|\/)contract(-[a-z]+)?\.ts$/.test(file);
}

/** An import that the design forbids. */
export interface Violation {
  readonly file: string;
  readonly target: string;
  readonly why: string;
  /** From an entry of the program to the bad import's target. */
  readonly path: readonly string[];
}

/** Every forbidden import, in the order of the graph. Test code may import anything, and nothing imports it. */
export function violations(whole: ImportGraph): readonly Violation[] {
  const graph = new Map([...whole].filter(([file]) => !isTestCode(file)));
  return [...graph].flatMap(([file, targets]) =>
    targets.flatMap((target) => {
      const why = forbidden(file, target);
      return why === undefined
        ? []
        : [{ file, target, why, path: [...pathTo(graph, file), target] }];
    }),
  );
}

const folderOf = (file: string): string => /^src\/([^/]+)\//.exec(file)?.[1] ?? '';

function forbidden(file: string, target: string): string | undefined {
  const name = folderOf(file);
  const part = parts[name] ?? site;
  const label = part.site === true ? 'the site' : `src/${name}`;
  const special = places.find((one) => one.target.test(target));
  if (special !== undefined) return special.place.test(file) ? undefined : special.why;
  if (target.startsWith('node:')) {
    const allowed = part.node === true || file.startsWith(dockerAdapter);
    return allowed ? undefined : `${label} runs in a browser and imports nothing of Node's`;
  }
  if (!target.startsWith('src/')) {
    const outside = target.startsWith('..') || target.endsWith('.json');
    if (outside || part.packages === undefined || part.packages.includes(target)) return undefined;
    return `${label} imports no package but ${part.packages.join(', ')}`;
  }
  if (isTestCode(target) && name !== 'bench') return 'only tests and src/bench import test code';
  if (folderOf(target) === name) return undefined;
  if (target.startsWith('src/cli/') && name !== 'bench') return 'nothing imports src/cli';
  if (inBrowser.test(file) && target.startsWith('src/curriculum/') && target !== given) {
    return `what a browser runs imports nothing of the curriculum but ${given}`;
  }
  if (part.site === true && offline.some((start) => target.startsWith(start))) {
    return 'the site imports nothing that only runs under Node';
  }
  const allowed = part.files ?? [];
  if (allowed.some((start) => target.startsWith(start))) return undefined;
  return `${label} imports ${allowed.length === 0 ? 'no other part' : `only ${allowed.join(', ')}`}`;
}

/** A violation as people read it: the rule, then the way in, one file a line. */
export function describeViolation({ why, path }: Violation): string {
  return [why, ...path.map((step, depth) => `${'  '.repeat(depth + 1)}${step}`)].join('\n');
}
