import './editor.css';
import type { Language } from '../i18n/languages.ts';
import type { WorkspaceFile, WorkspaceFiles } from '../workbench/port.ts';
import { mountDiff, mountEditor } from './index.ts';

// A page with the editor over files in memory, for e2e/editor.test.ts.

const disk = new Map<string, string | Uint8Array>([
  ['Dockerfile', 'FROM golang:1.24 AS build\nCOPY . /src\n\nFROM scratch\nENTRYPOINT /app\n'],
  ['.dockerignore', 'dist\n'],
  ['app/main.go', 'package main\n\nfunc main() {\n\tprintln("hi")\n}\n'],
  ['app/test.sh', '#!/bin/sh\r\necho $1\r\n'],
  ['README.md', 'Read only.\n'],
  ['logo.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47])],
]);
const folders = new Set<string>();
const listeners = new Set<(paths: readonly string[]) => void>();
/** What was asked of the files, in order. */
const log: string[] = [];
const trouble = { writes: false };

const tell = (...paths: readonly string[]): void => {
  for (const listener of listeners) listener(paths);
};

const about = (path: string): Omit<WorkspaceFile, 'text'> => {
  const content = disk.get(path);
  const kind = content === undefined ? 'dir' : 'file';
  return { path, kind, size: content?.length ?? 0 };
};

const files: WorkspaceFiles = {
  list: async () => [...disk.keys(), ...folders].map(about),
  async read(path) {
    const content = disk.get(path);
    if (content === undefined) throw new Error(`no such file: ${path}`);
    return { ...about(path), ...(typeof content === 'string' && { text: content }) };
  },
  async write(path, content) {
    if (trouble.writes) throw new Error('disk full');
    log.push(`write ${path}`);
    disk.set(path, content);
    tell(path);
  },
  async makeFolder(path) {
    log.push(`folder ${path}`);
    folders.add(path);
    tell(path);
  },
  async rename(from, to) {
    log.push(`rename ${from} ${to}`);
    for (const [path, content] of [...disk]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      disk.delete(path);
      disk.set(to + path.slice(from.length), content);
    }
    tell(from, to);
  },
  async remove(path) {
    log.push(`remove ${path}`);
    for (const one of [...disk.keys()]) {
      if (one === path || one.startsWith(`${path}/`)) disk.delete(one);
    }
    folders.delete(path);
    tell(path);
  },
  zip: async () => new Uint8Array([0x50, 0x4b, 5, 6]),
};

/** As a program in the terminal would. */
const outside = (path: string, text: string | undefined): void => {
  if (text === undefined) disk.delete(path);
  else disk.set(path, text);
  tell(path);
};

const place = document.querySelector<HTMLElement>('#panel');
if (!place) throw new Error('the page has no panel');
const lang: Language = document.documentElement.lang === 'en' ? 'en' : 'pt-BR';
if (location.search.includes('diff')) {
  const before = 'FROM debian\nRUN a\nCMD a\n';
  mountDiff(place, before, 'FROM scratch\nRUN a\nCMD ["/a"]\n', { lang, path: 'Dockerfile' });
} else {
  const panel = mountEditor(place, {
    ...{ lang, files },
    editable: (path) => path !== 'README.md',
    images: async () => ['gcr.io/distroless/static-debian13', 'golang:1.24'],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  Object.assign(globalThis, { panel, disk, log, outside, trouble });
}
