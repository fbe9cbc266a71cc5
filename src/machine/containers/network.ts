import type { ContainerSpec } from '../../engine/process/host.ts';
import { ProcessStartError } from '../../engine/process/start-error.ts';
import type { Sandbox } from '../networks/networks.ts';
import type { Guest } from './guest.ts';

/** What a container that starts has as its network. */
export interface ContainerNetwork {
  readonly sandbox: Sandbox;
  /** The container is gone; what it shares with others stays. */
  readonly release: () => void;
}

/** Rejects with `ProcessStartError` when another container's is wanted that does not run. */
export async function networkOf(guest: Guest, spec: ContainerSpec): Promise<ContainerNetwork> {
  const { network } = spec;
  const shared = (sandbox: Sandbox): ContainerNetwork => ({ sandbox, release: () => undefined });
  if (network === 'host') return shared(guest.networks.machine);
  if (network !== 'private' && 'container' in network) {
    const other = guest.containers.get(network.container);
    if (other) return shared(other.sandbox);
    const message = `container ${network.container} is not running`;
    throw new ProcessStartError('other', spec.process.argv[0] ?? '', message);
  }
  const attachments = network === 'private' ? [] : network.attachments;
  const sandbox = await guest.networks.open(attachments, (name) => spec.resolve?.(name));
  return {
    sandbox,
    release() {
      sandbox.close();
    },
  };
}
