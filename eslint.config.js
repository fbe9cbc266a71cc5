import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['.cache/', '.astro/', 'dist/', '**/testdata/', 'labs/*/*/']),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A number in a message is fine; an object never is.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Ports are async because one adapter needs it; another need not await to keep the contract.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // What tsconfig.site.json includes: with the DOM, which the rest has not.
    files: [
      'astro.config.mjs',
      'src/content.config.ts',
      'src/{dom,workbench,terminal,editor,picture,components,layouts,pages,curriculum,i18n,site-build,site-tests}/**/*.ts',
    ],
    languageOptions: { parserOptions: { projectService: false, project: './tsconfig.site.json' } },
  },
  // tsc checks the plain JavaScript too, and knows what is defined.
  { files: ['**/*.mjs'], rules: { 'no-undef': 'off' } },
);
