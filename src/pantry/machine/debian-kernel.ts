import { EngineError } from '../../engine/errors.ts';
import { bytesOf } from '../entries.ts';
import type { Deb } from '../packages/deb.ts';
import type { KernelModule } from './initramfs.ts';
import type { BootKernel } from './kernel.ts';

/** What the guest needs of Debian's modules, each after those it depends on. */
const MODULES = [
  ...['virtio_ring', 'virtio', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci'],
  'virtio_console',
  ...['9pnet', '9pnet_virtio', '9pnet_fd', 'netfs', 'fscache', '9p'],
  'overlay',
  ...['llc', 'stp', 'bridge', 'veth'],
  ...['failover', 'net_failover', 'virtio_net'],
];

/** Debian's own kernel from its package; `release` is what its files are named by (`6.1.0-50-686`). */
export async function debianKernel(
  deb: Deb,
  release: string,
  version: string,
): Promise<BootKernel> {
  const files = new Map(
    deb.entries.filter(({ type }) => type === 'file').map((entry) => [entry.path, entry]),
  );
  const image = files.get(`boot/vmlinuz-${release}`);
  if (!image) throw stale(`boot/vmlinuz-${release}`);
  const byName = new Map(
    [...files.values()].map((entry) => [entry.path.replace(/.*\//, ''), entry]),
  );
  const modules = await Promise.all(
    MODULES.map(async (name): Promise<KernelModule> => {
      const entry = byName.get(`${name}.ko`);
      if (!entry) throw stale(`module ${name}`);
      return { name: `${name}.ko`, bytes: await bytesOf(entry) };
    }),
  );
  return { kind: 'debian', version, release, image: await bytesOf(image), modules };
}

function stale(what: string): EngineError {
  return new EngineError('recipe-stale', `Debian's kernel package has no ${what}`, {
    hint: 'The package has changed: look at what it holds now, and mend src/pantry/machine/debian-kernel.ts.',
  });
}
