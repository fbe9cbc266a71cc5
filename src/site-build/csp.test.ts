import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './csp.ts';

describe('the Content-Security-Policy', () => {
  const meta = contentSecurityPolicy('meta');

  it('lets WebAssembly be compiled, and no text be evaluated or written inline', () => {
    expect(meta).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(meta).not.toContain("'unsafe-eval'");
    expect(meta).not.toContain("'unsafe-inline'");
  });

  it('names no other origin', () => {
    expect(meta).not.toMatch(/https?:|\*/);
  });

  it('forbids frames of others where that works, in a header', () => {
    expect(meta).not.toContain('frame-ancestors');
    expect(contentSecurityPolicy('header')).toContain("frame-ancestors 'self'");
  });
});
