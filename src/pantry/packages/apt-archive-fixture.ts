import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Mirror } from './apt-mirror.ts';
import { ar, tar, VERSION_MEMBER } from './fixtures.ts';

/** A signed Debian archive of a few made-up packages in a temporary folder, for tests of apt without network. */
export interface ArchiveFixture {
  readonly folder: string;
  readonly mirror: Mirror;
  /** Writes a suite with these packages for one architecture; `signer` other than the archive's makes it untrusted. */
  writeSuite(suite: SuiteFixture): void;
  remove(): void;
}

export interface SuiteFixture {
  readonly archive: 'debian' | 'debian-security';
  readonly name: string;
  readonly architecture: string;
  readonly packages: readonly PackageFixture[];
  readonly signer?: 'archive' | 'stranger';
}

export interface PackageFixture {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
}

export function createArchive(): ArchiveFixture {
  const folder = mkdtempSync(join(tmpdir(), 'sd-'));
  const gnupg = join(folder, 'gnupg');
  mkdirSync(gnupg, { mode: 0o700 });
  const gpg = (args: readonly string[], input?: string): Buffer => {
    const common = ['--homedir', gnupg, '--batch', '--quiet', '--pinentry-mode', 'loopback'];
    const { status, stdout, stderr } = spawnSync('gpg', [...common, '--passphrase', '', ...args], {
      ...(input !== undefined && { input }),
    });
    if (status !== 0) throw new Error(`gpg ${args.join(' ')}: ${stderr.toString()}`);
    return stdout;
  };
  for (const name of ['archive', 'stranger']) {
    gpg(['--quick-generate-key', `${name}@example.org`, 'rsa3072', 'sign', 'never']);
  }
  const keyring = join(folder, 'archive.gpg');
  writeFileSync(keyring, gpg(['--export', 'archive@example.org']));
  return {
    folder,
    mirror: {
      main: `file:${folder}/debian`,
      security: `file:${folder}/debian-security`,
      keyring,
    },
    writeSuite({ archive, name, architecture, packages, signer = 'archive' }) {
      const root = join(folder, archive);
      const stanzas = packages.map((item) => writePackage(root, architecture, item));
      const index = stanzas.join('\n');
      const indexPath = `main/binary-${architecture}/Packages`;
      write(join(root, 'dists', name, indexPath), index);
      const release = [
        `Origin: Debian\nSuite: ${name}\nCodename: ${name}`,
        `Date: ${new Date().toUTCString()}`,
        `Architectures: ${architecture}\nComponents: main\nSHA256:`,
        ` ${sha256(index)} ${index.length} ${indexPath}\n`,
      ].join('\n');
      const signed = gpg(['--local-user', `${signer}@example.org`, '--clearsign'], release);
      write(join(root, 'dists', name, 'InRelease'), signed);
    },
    remove() {
      spawnSync('gpgconf', ['--homedir', gnupg, '--kill', 'all']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the file of a package is, below an archive's root. */
export function poolPath(architecture: string, { name, version }: PackageFixture): string {
  return `pool/main/${name}_${version}_${architecture}.deb`;
}

function writePackage(root: string, architecture: string, item: PackageFixture): string {
  const control = [
    `Package: ${item.name}\nVersion: ${item.version}\nArchitecture: ${architecture}`,
    'Maintainer: Sem Distro <nobody@example.org>\nSection: libs\nPriority: optional',
    ...(item.depends === undefined ? [] : [`Depends: ${item.depends}`]),
    `Description: ${item.name}\n`,
  ].join('\n');
  const deb = ar(
    VERSION_MEMBER,
    ['control.tar', tar({ name: './control', text: control })],
    ['data.tar', tar({ name: './' }, { name: `./${item.name}`, text: item.version })],
  );
  const path = poolPath(architecture, item);
  write(join(root, path), deb);
  return `${control}Filename: ${path}\nSize: ${deb.length}\nSHA256: ${sha256(deb)}\n`;
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
