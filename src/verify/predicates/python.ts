import type { Image } from '../engine.ts';
import type { Verdict } from '../check.ts';

/** Where `import` looks in an image, without what site-packages' `.pth` files add. */
export interface PythonFacts {
  /** `3.13`. */
  readonly version: string;
  /** Absolute path of the interpreter that the image starts, links followed. */
  readonly interpreter: string;
  /** Absolute, in order; only those that are there. */
  readonly path: readonly string[];
}

/** The Python that the image's process runs; undefined when there is none. */
export async function pythonOf(image: Image): Promise<PythonFacts | undefined> {
  throw new Error('not written');
}

/** Every `*.cpython-3NN-*.so` that `import` can find is made for the image's Python. */
export async function pythonAbi(image: Image): Promise<Verdict> {
  throw new Error('not written');
}

/** `import name` finds a package or module: on PYTHONPATH, in the venv, in site- or dist-packages. */
export async function pythonFinds(image: Image, name: string): Promise<Verdict> {
  throw new Error('not written');
}
