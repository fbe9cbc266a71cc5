import { type Language, StreamLanguage, type StreamParser } from '@codemirror/language';
import { isDockerfile } from './diagnose.ts';
import { dockerfileLanguage } from './dockerfile-language.ts';

/** Each is fetched when a file of its kind is first opened. */
const MODES: Readonly<Record<string, () => Promise<StreamParser<unknown>>>> = {
  sh: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  js: async () => (await import('@codemirror/legacy-modes/mode/javascript')).javascript,
  json: async () => (await import('@codemirror/legacy-modes/mode/javascript')).json,
  py: async () => (await import('@codemirror/legacy-modes/mode/python')).python,
  go: async () => (await import('@codemirror/legacy-modes/mode/go')).go,
  yaml: async () => (await import('@codemirror/legacy-modes/mode/yaml')).yaml,
  html: async () => (await import('@codemirror/legacy-modes/mode/xml')).html,
  css: async () => (await import('@codemirror/legacy-modes/mode/css')).css,
  c: async () => (await import('@codemirror/legacy-modes/mode/clike')).c,
};

const ENDINGS: Readonly<Record<string, string>> = {
  bash: 'sh',
  mjs: 'js',
  cjs: 'js',
  ts: 'js',
  yml: 'yaml',
  htm: 'html',
  xml: 'html',
  h: 'c',
  cpp: 'c',
  java: 'c',
};

const loaded = new Map<string, Promise<Language>>();

/** The name of a file's language; undefined for plain text. */
export function languageName(path: string): string | undefined {
  if (isDockerfile(path)) return 'dockerfile';
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const name = ENDINGS[ending] ?? ending;
  return Object.hasOwn(MODES, name) ? name : undefined;
}

/** Its colours: at once for a Dockerfile, later for others; undefined for plain text. */
export function languageOf(path: string): Language | Promise<Language> | undefined {
  const name = languageName(path);
  if (name === undefined || name === 'dockerfile') return name && dockerfileLanguage;
  const known = loaded.get(name);
  if (known) return known;
  const loading = (async () => {
    const mode = await MODES[name]?.();
    if (!mode) throw new Error(`no mode called ${name}`);
    return StreamLanguage.define(mode);
  })();
  loaded.set(name, loading);
  return loading;
}
