#!/usr/bin/env node
'use strict';

// monta FROM TO: copies *.js, and makes a module of every *.html with its *.css in it.
const {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');

const [from, to] = process.argv.slice(2);
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) {
  if (name.endsWith('.js')) copyFileSync(join(from, name), join(to, name));
  if (!name.endsWith('.html')) continue;
  const css = join(from, name.replace(/html$/, 'css'));
  const style = existsSync(css) ? `<style>${readFileSync(css, 'utf8').trim()}</style>` : '';
  const page = readFileSync(join(from, name), 'utf8').replace('</head>', `${style}</head>`);
  writeFileSync(join(to, `${name}.js`), `module.exports = ${JSON.stringify(page)};\n`);
}
