/** What `WebAssembly` is in Node and in browsers; the compiler's library has it only with the DOM. */
interface WasmApi {
  instantiate(bytes: Uint8Array, imports: object): Promise<Instantiated>;
  instantiateStreaming(response: Promise<Response>, imports: object): Promise<Instantiated>;
  readonly CompileError: new () => Error;
}

interface Instantiated {
  readonly instance: { readonly exports: object };
}

declare const WebAssembly: WasmApi;

/**
 * Instantiates v86.wasm from its bytes or from where it is served; there the file for engines that
 * lack some of WebAssembly is beside it, named v86-fallback.wasm. Results in the module's exports.
 */
export async function instantiate(wasm: Uint8Array | string, imports: object): Promise<object> {
  if (typeof wasm !== 'string') return fromBytes(wasm, imports);
  let failure: unknown;
  for (const url of new Set([wasm, wasm.replace(/v86\.wasm(?=$|\?)/, 'v86-fallback.wasm')])) {
    try {
      return await fromUrl(url, imports);
    } catch (error) {
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

async function fromBytes(bytes: Uint8Array, imports: object): Promise<object> {
  return (await WebAssembly.instantiate(bytes, imports)).instance.exports;
}

async function fromUrl(url: string, imports: object): Promise<object> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}`);
  // Compiled while it arrives, and cached compiled; but only what is served as what it is.
  return response.headers.get('content-type') === 'application/wasm'
    ? (await WebAssembly.instantiateStreaming(Promise.resolve(response), imports)).instance.exports
    : fromBytes(new Uint8Array(await response.arrayBuffer()), imports);
}
