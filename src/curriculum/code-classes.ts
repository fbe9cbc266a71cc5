import type { ShikiTransformer } from 'shiki';

/** The site's words for what the theme `css-variables` colours; they are in src/styles/code.css. */
const CLASSES: Readonly<Record<string, string>> = {
  comment: 'c-comment',
  keyword: 'c-keyword',
  string: 'c-string',
  'string-expression': 'c-string',
  constant: 'c-number',
  function: 'c-name',
  parameter: 'c-name',
  inserted: 'c-added',
  deleted: 'c-removed',
};

/**
 * Classes instead of style attributes, which the site's Content-Security-Policy forbids, and which
 * could not follow the reader's theme.
 */
export const codeClasses: ShikiTransformer = {
  name: 'code-classes',
  pre(node) {
    delete node.properties['style'];
    // A reader scrolls it by keyboard.
    node.properties['tabindex'] = '0';
  },
  span(node) {
    const { style } = node.properties;
    delete node.properties['style'];
    const token = /--(?:astro-code|shiki)-token-([a-z-]+)/.exec(String(style))?.[1] ?? '';
    const name = CLASSES[token];
    if (name !== undefined) node.properties['class'] = name;
  },
};
