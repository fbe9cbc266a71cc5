/**
 * What a page may load and run: this origin's files and nothing else. `wasm-unsafe-eval` is for v86,
 * which compiles WebAssembly while it runs, and for Pagefind; it does not allow eval. `data:` and
 * `blob:` pictures are the exported ones.
 */
const DIRECTIVES: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  // The preview of a learner's page, whose own answer takes away its origin: src/preview/sandbox.ts.
  'frame-src': "'self'",
  'style-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self' data: blob:",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
};

/**
 * As the content of a `<meta>`, and with `frame-ancestors`, which only works there, as a header. Its
 * own frames are allowed: where a script of a previewed page went to a page of the site, the
 * workbench around it sees that, and leads it back.
 */
export function contentSecurityPolicy(where: 'meta' | 'header'): string {
  const parts = Object.entries(DIRECTIVES).map(([name, value]) => `${name} ${value}`);
  return [...parts, ...(where === 'header' ? ["frame-ancestors 'self'"] : [])].join('; ');
}
