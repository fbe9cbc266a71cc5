import type { Container as Handle } from 'dockerode';
import type { Connection } from './connect.ts';

/**
 * Podman leaves health checks to systemd's timers, and where there is no systemd nobody runs them:
 * then the first ones are run here, whenever somebody looks. False for Docker, which does it itself.
 */
export async function probeHealth({ docker, kind }: Connection, handle: Handle): Promise<boolean> {
  if (kind !== 'podman') return false;
  const path = `/libpod/containers/${handle.id}/healthcheck`;
  await new Promise<void>((resolve) => {
    // Whether it went well is in the container's state.
    docker.modem.dial({ path, method: 'GET', statusCodes: { 200: true } }, () => {
      resolve();
    });
  });
  return true;
}
