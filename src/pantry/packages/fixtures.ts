import { spawnSync } from 'node:child_process';
import { concat, utf8 } from '../../engine/bytes.ts';

/** Small packages for tests, composed here byte by byte so that they can also be wrong in every way. */

/** The members as an `ar` archive. */
export function ar(...members: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts = [utf8('!<arch>\n')];
  for (const [name, content] of members) {
    parts.push(utf8(arHeader(name, String(content.length))), content);
    if (content.length % 2 === 1) parts.push(utf8('\n'));
  }
  return concat(parts);
}

export function arHeader(name: string, size: string): string {
  return `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${size.padEnd(10)}\`\n`;
}

export interface TarItem {
  readonly name: string;
  readonly text?: string;
  /** A symbolic link to this. */
  readonly link?: string;
  readonly mode?: number;
}

/** A ustar archive; a name that ends in a slash is a directory. */
export function tar(...items: readonly TarItem[]): Uint8Array {
  const blocks = items.flatMap(({ name, text = '', link, mode }) => {
    const header = new Uint8Array(512);
    const put = (offset: number, value: string): void => {
      header.set(utf8(value), offset);
    };
    const octal = (value: number, digits: number): string =>
      `${value.toString(8).padStart(digits, '0')}\0`;
    const content = utf8(text);
    const folder = name.endsWith('/');
    put(0, name);
    put(100, octal(mode ?? (folder ? 0o755 : 0o644), 7));
    put(108, octal(0, 7));
    put(116, octal(0, 7));
    put(124, octal(content.length, 11));
    put(136, octal(86_400, 11));
    put(148, '        ');
    put(156, link !== undefined ? '2' : folder ? '5' : '0');
    put(157, link ?? '');
    put(257, 'ustar\x0000');
    put(
      148,
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        6,
      )} `,
    );
    const padded = new Uint8Array(Math.ceil(content.length / 512) * 512);
    padded.set(content);
    return [header, padded];
  });
  return concat([...blocks, new Uint8Array(1024)]);
}

export const CONTROL = `Package: hello
Version: 1.0-1
Architecture: amd64
Source: greetings (1.0)
Maintainer: Sem Distro <nobody@example.org>
Description: says hello
 and nothing else
`;

export const CONTROL_TAR = tar(
  { name: './' },
  { name: './control', text: CONTROL },
  { name: './md5sums', text: 'b1946ac92492d2347c6235b4d2611184  usr/share/hello\n' },
);

export const DATA_TAR = tar(
  { name: './' },
  { name: './usr/' },
  { name: './usr/share/' },
  { name: './usr/share/hello', text: 'hello\n' },
  { name: './usr/share/hi', link: 'hello' },
);

export const VERSION_MEMBER = ['debian-binary', utf8('2.0\n')] as const;

/** Undefined when these programs are all there, otherwise the reason to skip what needs them. */
export function lacking(...programs: readonly string[]): string | undefined {
  const missing = programs.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  return missing.length === 0 ? undefined : `there is no ${missing.join(', no ')} here`;
}
