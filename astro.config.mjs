import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { codeClasses } from './src/curriculum/code-classes.ts';
import { checkedCurriculum } from './src/curriculum/integration.ts';
import { labModules } from './src/curriculum/lab-modules.ts';
import { lessonSyntax, tables } from './src/curriculum/lesson-syntax.ts';
import { machineWhileWriting } from './src/setup/site/dev.ts';

/** Where the site will be, when it is not on this computer; `npm run build` takes both. */
const { SEMDISTRO_SITE: site = 'http://localhost:4321', SEMDISTRO_BASE: base = '/' } = process.env;

export default defineConfig({
  ...{ site, base, trailingSlash: 'always', output: 'static' },
  // Nothing inline, which the Content-Security-Policy forbids.
  build: { inlineStylesheets: 'never' },
  vite: {
    build: { assetsInlineLimit: 0 },
    // A worker is bundled on its own; while one writes it is served as the pages are.
    plugins: [labModules()],
    worker: { format: 'es', plugins: () => [labModules()] },
  },
  integrations: [mdx(), checkedCurriculum(), machineWhileWriting()],
  markdown: {
    processor: satteri({
      mdastPlugins: [lessonSyntax],
      hastPlugins: [tables],
      // Quotes are set as a printer would; dashes and dots are what the author wrote.
      features: { smartPunctuation: { quotes: true, dashes: false, ellipses: false } },
    }),
    shikiConfig: { theme: 'css-variables', transformers: [codeClasses] },
  },
  devToolbar: { enabled: false },
  server: { port: 4321 },
});
