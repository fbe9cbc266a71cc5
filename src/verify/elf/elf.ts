/** What an ELF file says about itself, as far as starting it is concerned. Strings are as in the file. */
export interface Elf {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** `e_machine`. */
  readonly machine: number;
  /** As images name it, `amd64`; undefined for a processor that there are no images for. */
  readonly architecture: string | undefined;
  readonly type: 'executable' | 'shared' | 'other';
  /** PT_INTERP. */
  readonly interpreter: string | undefined;
  /** Whether it has a dynamic section at all. */
  readonly dynamic: boolean;
  /** DF_1_PIE: the linker was asked for a program, not for a library. */
  readonly pie: boolean;
  readonly soname: string | undefined;
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  /** DT_RPATH and DT_RUNPATH, split at colons. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** Versions wanted of libraries, weak ones left out: `libc.so.6` → `GLIBC_2.34`. */
  readonly versionsNeeded: readonly { readonly library: string; readonly version: string }[];
  /** Versions a library has, its own name left out. */
  readonly versionsDefined: readonly string[];
}

/** `static-pie` has a dynamic section but nobody to read it: it relocates itself. */
export function linkage(elf: Elf): 'static' | 'static-pie' | 'dynamic' | 'library' {
  if (elf.interpreter !== undefined) return 'dynamic';
  // Old linkers and packers leave the mark out: then what neither has a name nor needs anybody is one.
  const alone = elf.soname === undefined && elf.needed.length === 0;
  if (elf.type === 'shared') return elf.pie || alone ? 'static-pie' : 'library';
  return elf.dynamic && elf.needed.length > 0 ? 'dynamic' : 'static';
}

/** By `e_machine`, for the byte order that images of the name have. */
const ARCHITECTURES: Readonly<Record<number, readonly [little: string, big: string]>> = {
  3: ['386', ''],
  8: ['mipsle', 'mips'],
  20: ['', 'ppc'],
  21: ['ppc64le', 'ppc64'],
  22: ['', 's390x'],
  40: ['arm', ''],
  62: ['amd64', ''],
  183: ['arm64', ''],
  243: ['riscv64', ''],
  258: ['loong64', ''],
};

/** As images name it; undefined when there are none for it. */
export function architectureOf(machine: number, littleEndian: boolean): string | undefined {
  const name = ARCHITECTURES[machine]?.[littleEndian ? 0 : 1];
  return name === '' ? undefined : name;
}

/** GLIBC_2.9 before GLIBC_2.34: numbers compare as numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i++) {
    const difference = (left?.[i] ?? -1) - (right?.[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest `GLIBC_x` of a list; `GLIBC_PRIVATE` and others do not count. */
export function newestGlibc(versions: readonly string[]): string | undefined {
  return versions
    .filter((version) => /^GLIBC_\d/.test(version))
    .reduce<string | undefined>(
      (best, one) => (best === undefined || compareVersions(one, best) > 0 ? one : best),
      undefined,
    );
}
