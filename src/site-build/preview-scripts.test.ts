import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { previewScript } from './preview-scripts.ts';

describe('the scripts of previews', () => {
  it.each(['preview-worker.js', 'preview-page.js'] as const)(
    '%s is one file that is no module, and small',
    async (name) => {
      const bytes = await previewScript(name);
      const text = new TextDecoder().decode(bytes);
      expect(() => new Script(text)).not.toThrow();
      expect(text).not.toContain('import(');
      expect(bytes.length).toBeLessThan(30_000);
    },
  );
});
