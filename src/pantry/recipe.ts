import { z } from 'zod';

/**
 * What a recipe file may say: one YAML file per family of images, validated strictly (an unknown key
 * is an error). A recipe knows no architecture; where one must be treated differently, `when` names
 * it together with the reason.
 */

export const ARCHITECTURES = ['386', 'amd64', 'arm64'] as const;

/** Absolute, clean path in the image. */
const path = z
  .string()
  .regex(
    /^\/(?:(?!\.{1,2}(?:\/|$))[^/]+(?:\/(?!\.{1,2}(?:\/|$))[^/]+)*)?$/,
    'must be an absolute path without "..", doubled or trailing slashes',
  );

/** A package's name as Debian writes it. */
const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, 'must be a Debian package name');

/** Permission bits, written in octal as a string: "0755", "1777". */
const mode = z
  .string()
  .regex(/^[0-7]{3,4}$/, 'must be octal digits in quotes, such as "0755"')
  .transform((digits) => Number.parseInt(digits, 8));

const architecture = z.enum(ARCHITECTURES);

/** Restricts something to some variants or architectures. */
const when = z.strictObject({
  /** Only in variants that have this feature (see `variant.features`). */
  feature: z.string().optional(),
  /** Only on these architectures. */
  architectures: z.array(architecture).nonempty().optional(),
  /** Why; required, since it is an exception from "recipes know no architecture". */
  reason: z.string().min(10),
});

/** A difference from upstream: one sentence, on every architecture or on some. */
const difference = z.union([
  z.string().min(10),
  z.strictObject({
    /** The sentence. */
    text: z.string().min(10),
    /** Where it holds. */
    architectures: z.array(architecture).nonempty(),
  }),
]);

/** One thing put into a layer by hand. Exactly one of `dir`, `file`, `link`, `copy`, `append`. */
const file = z.union([
  z.strictObject({
    /** A directory. */
    dir: path,
    /** Permission bits. */
    mode: mode.default(0o755),
    /** Owner. */
    uid: z.number().int().nonnegative().default(0),
    /** Group. */
    gid: z.number().int().nonnegative().default(0),
    /** Seconds since 1970. */
    mtime: z.number().int().nonnegative().default(0),
  }),
  z.strictObject({
    /** A file with this content. */
    file: path,
    /** The whole content, UTF-8; end it with a newline unless upstream has none. */
    text: z.string(),
    /** Permission bits. */
    mode: mode.default(0o644),
    /** Owner. */
    uid: z.number().int().nonnegative().default(0),
    /** Group. */
    gid: z.number().int().nonnegative().default(0),
  }),
  z.strictObject({
    /** A symbolic link. */
    link: path,
    /** Where it points, as written. */
    to: z.string().min(1),
  }),
  z.strictObject({
    /** A second, independent copy of a file of this layer or of one below. */
    copy: path,
    /** Where the copy goes. */
    to: path,
    /** Permission bits; the original's when missing. */
    mode: mode.optional(),
  }),
  z.strictObject({
    /** A file of this layer or of one below that gets longer: `/etc/passwd`, by a user. */
    append: path,
    /** What is added at its end. */
    text: z.string().min(1),
  }),
]);

/** Moves a whole subtree (or one file) of the layer's packages: `/usr/lib/python3.13` to `/usr/local/lib/python3.13`. */
const move = z.strictObject({ from: path, to: path });

/** Replaces text in one file of the layer's packages; an edit that matches nothing is an error. */
const edit = z.strictObject({
  /** The file, after moves. */
  file: path,
  /** Text that must occur. */
  find: z.string().min(1),
  /** What every occurrence becomes. */
  replace: z.string(),
  /** Why the file cannot stay as it is. */
  reason: z.string().min(10),
});

/** Packages of a layer. */
const packages = z.strictObject({
  /** Packages by name, in the order in which they are unpacked. */
  install: z.array(packageName).nonempty(),
  /** Also everything they depend on, except what a layer below has already. */
  closure: z.boolean().default(false),
  /** Packages a closure leaves out, with the reason. */
  without: z
    .array(z.strictObject({ package: packageName, reason: z.string().min(10) }))
    .default([]),
  /** Keep only what is below these paths (and their parent directories). */
  only: z.array(path).optional(),
  /** Leave out what is below these paths. */
  drop: z.array(path).default([]),
  /** Exceptions to `drop`. */
  keep: z.array(path).default([]),
  /** Subtrees that go elsewhere, first match wins. */
  move: z.array(move).default([]),
  /** Files whose text changes. */
  edit: z.array(edit).default([]),
  /**
   * How the image records that the packages are there. `status.d`: as Google does, one control file and one
   * list of sums each. `dpkg`: as dpkg itself does, `/var/lib/dpkg/status` and `info/`. `none`: not at all.
   */
  database: z.enum(['status.d', 'dpkg', 'none']),
  /** One layer per origin (source package) as apko does it, at most this many and one for the rest. */
  originBudget: z.number().int().positive().optional(),
});

/** Files from a package of the npm registry, pinned by version; its hash is in the lock. */
const npm = z.strictObject({
  /** Name in the registry. */
  package: z.string().min(1),
  /** Exact version. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** Source, for the record: licences and where it comes from. */
  source: z.string().min(5),
  /** What is taken: a file or a subtree of the package's tar, and where it goes. */
  take: z
    .array(z.strictObject({ from: z.string().min(1), to: path, mode: mode.optional() }))
    .nonempty(),
});

/** What only code can make; see `generated/`. */
const generate = z.discriminatedUnion('kind', [
  /** `/etc/ssl/certs/ca-certificates.crt` and the copyright, from package ca-certificates; with `hashed`, also the links by hash that OpenSSL looks for. */
  z.strictObject({ kind: z.literal('ca-certificates'), hashed: z.boolean().default(false) }),
  /** A Java key store at `path` with the certificates of package ca-certificates. */
  z.strictObject({ kind: z.literal('java-cacerts'), path }),
  /** `/etc/ld.so.cache` for the libraries of this layer and those below. */
  z.strictObject({ kind: z.literal('ld.so.cache') }),
  /** Static BusyBox at `binary`, with one link per applet in `directory`. */
  z.strictObject({
    kind: z.literal('busybox'),
    binary: path,
    directory: path,
    links: z.enum(['symlink', 'hardlink']),
    /** The applets' names. */
    applets: z.array(z.string().min(1)).nonempty(),
  }),
  /** Unpacks a Python wheel that a package carries into a directory of the image. */
  z.strictObject({
    kind: z.literal('wheel'),
    package: packageName,
    /** The wheel's file, `*` for a version. */
    wheel: path,
    into: path,
    /** Console scripts made in `bin`, `name: module:function`. */
    scripts: z.record(z.string(), z.string()).default({}),
    bin: path,
    /** The interpreter in the scripts' first line. */
    interpreter: path,
  }),
  /** Go's build cache with packages of the standard library, compiled by the toolchain of some packages. */
  z.strictObject({
    kind: z.literal('go-cache'),
    into: path,
    /** Where the image has Go: part of what the cache knows a package's sources by. */
    root: path,
    /** The packages that have Go. */
    toolchain: z.array(packageName).nonempty(),
    /** Compiled with all they need. */
    packages: z.array(z.string().min(1)).nonempty(),
    /** `go build` with each of these. */
    flags: z.array(z.array(z.string())).nonempty(),
  }),
  /** Debian's Python packages as wheels, in a folder for `pip --find-links`. */
  z.strictObject({
    kind: z.literal('wheelhouse'),
    into: path,
    packages: z
      .array(
        z.strictObject({
          package: packageName,
          /** Requirements that its own metadata lacks, since Debian changed the package. */
          requires: z.array(z.string()).default([]),
        }),
      )
      .nonempty(),
  }),
]);

/** Byte-compiles the layer's Python files, hash-based and unchecked, so that the result has no dates. */
const bytecode = z.strictObject({
  /** Where: compiled files make a real difference in an emulator and none elsewhere. */
  architectures: z.array(architecture).nonempty(),
  reason: z.string().min(10),
});

/** One layer (or several, with `originBudget`). The parts are put together in the order of these keys. */
const layer = z.strictObject({
  /** The history row's `created_by`; `{package}` is the package's name, `{arch}` Debian's architecture. */
  createdBy: z.string().min(1),
  when: when.optional(),
  packages: packages.optional(),
  npm: npm.optional(),
  files: z.array(file).optional(),
  generate: z.array(generate).optional(),
  bytecode: bytecode.optional(),
  /** All files get this date instead of their own (seconds since 1970). */
  mtime: z.number().int().nonnegative().optional(),
});

/** Google's way to write the same: each package its own layer. */
const debLayers = z.strictObject({
  /** One layer per package, in this order. */
  debs: z.array(packageName).nonempty(),
  createdBy: z.string().min(1),
  when: when.optional(),
  bytecode: bytecode.optional(),
});

/** A history row without a layer (`ENV …`, `CMD …`), so that `docker history` reads as upstream's. */
const emptyRow = z.strictObject({ history: z.string().min(1), when: when.optional() });

const config = z.strictObject({
  user: z.string().optional(),
  workdir: path.optional(),
  /** Added to the parent's, in order; `$NAME` stands for the value so far. `{version:PKG}` is a package's upstream version. */
  env: z.record(z.string(), z.string()).optional(),
  /** Empty list: none, even where the parent has one. */
  entrypoint: z.array(z.string()).optional(),
  cmd: z.array(z.string()).optional(),
  expose: z.array(z.string().regex(/^\d+\/(?:tcp|udp)$/)).optional(),
  volumes: z.array(path).optional(),
  stopSignal: z.string().optional(),
  /** Labels upstream has; the pantry adds its own. */
  labels: z.record(z.string(), z.string()).optional(),
});

/** One of an image's shapes: the tags it answers to and what sets it apart. */
const variant = z.strictObject({
  /** `latest`, `nonroot`, `1.24-trixie`: every tag is the same image. */
  tags: z.array(z.string().regex(/^[\w][\w.-]{0,127}$/)).nonempty(),
  /** What `when.feature` of layers refers to. */
  features: z.array(z.string()).default([]),
  config: config.optional(),
  /** Differences of this variant alone. */
  differs: z.array(difference).default([]),
});

const image = z.strictObject({
  /** Unique in the family; what `from` and `semdistro pantry build` call it. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  /** `id` in this family or `family/id`: its layers and configuration come first. */
  from: z.string().optional(),
  /** Repositories it is published as; none for an image that is only a parent. */
  repositories: z.array(z.string()).default([]),
  layers: z.array(z.union([layer, debLayers, emptyRow])).default([]),
  config: config.optional(),
  /** Instead of the family's. */
  variants: z.array(variant).nonempty().optional(),
  /** How it differs from upstream, one sentence each; after the family's. */
  differs: z.array(difference).default([]),
  /** Manifest annotations as upstream has them; `{version:PKG}` is a package's upstream version. */
  annotations: z.record(z.string(), z.string()).default({}),
});

export const familySchema = z.strictObject({
  /** The file's name without `.yaml`. */
  family: z.string(),
  /** One line for people: whose images these stand in for. */
  title: z.string(),
  /** Where upstream's own recipes are. */
  upstream: z.url(),
  /**
   * Who uses the images. Those for the machine and for the engine stand in for nothing; of the
   * machine's there is one platform, `linux/386`.
   */
  audience: z.enum(['people', 'machine', 'engine']).default('people'),
  /** What the images' `created` says: the epoch, as Google's, or the date of the newest file. */
  created: z.enum(['epoch', 'newest-file']),
  /** History rows' author and comment, as upstream's tool writes them. */
  history: z.strictObject({
    author: z.string().exactOptional(),
    comment: z.string().exactOptional(),
  }),
  /** Configuration of every image of the family. */
  config: config.default({}),
  /** Differences of every image of the family. */
  differs: z.array(difference).default([]),
  variants: z.array(variant).nonempty(),
  images: z.array(image).nonempty(),
});

export type Family = z.infer<typeof familySchema>;
export type ImageRecipe = z.infer<typeof image>;
export type VariantRecipe = z.infer<typeof variant>;
export type LayerRecipe = z.infer<typeof layer>;
export type PackagesRecipe = z.infer<typeof packages>;
export type FileRecipe = z.infer<typeof file>;
export type Generate = z.infer<typeof generate>;
export type NpmRecipe = z.infer<typeof npm>;
export type ConfigRecipe = z.infer<typeof config>;
export type When = z.infer<typeof when>;
export type DifferenceRecipe = z.infer<typeof difference>;
/** OCI's name of an architecture the pantry builds for. */
export type OciArchitecture = (typeof ARCHITECTURES)[number];
