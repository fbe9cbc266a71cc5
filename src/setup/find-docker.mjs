// Finds a Docker (or what answers like one) that is already on a developer's machine.

import { run } from './child.mjs';

/**
 * @typedef {object} FoundDocker
 * @property {string} host as DOCKER_HOST takes it
 * @property {string} name for people: `Docker 26.1.5`
 * @property {boolean} buildkit whether `docker buildx` works: the builder our builds are compared with
 */

/**
 * Asks the `docker` client on PATH, which knows about DOCKER_HOST, contexts and default sockets;
 * then Podman for its socket, which speaks the same protocol.
 * @param {NodeJS.ProcessEnv} env SEMDISTRO_TEST_DOCKER, when set, is the only one that counts
 * @returns {Promise<FoundDocker | undefined>}
 */
export async function findDocker(env) {
  const given = env['SEMDISTRO_TEST_DOCKER'] ?? env['DOCKER_HOST'];
  if (given !== undefined && given !== '') return ask(given, env);
  const endpoint = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const context = await say(['docker', ...endpoint], env);
  const found = context === undefined ? undefined : await ask(context, env);
  if (found !== undefined) return found;
  const podman = ['podman', 'info', '--format', '{{.Host.RemoteSocket.Path}}'];
  const socket = await say(/** @type {[string, ...string[]]} */ (podman), env);
  if (socket === undefined) return undefined;
  return ask(socket.includes('://') ? socket : `unix://${socket}`, env);
}

/**
 * @param {string} host
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<FoundDocker | undefined>}
 */
async function ask(host, env) {
  const at = { ...env, DOCKER_HOST: host };
  const format = '{{(index .Server.Components 0).Name}} {{.Server.Version}}';
  const version = await say(['docker', 'version', '--format', format], at);
  if (version === undefined) return undefined;
  const name = version.replace(/^Engine /, 'Docker ').replace(/^Podman Engine /, 'Podman ');
  const buildkit = (await say(['docker', 'buildx', 'inspect'], at)) !== undefined;
  return { host, name, buildkit: buildkit && !name.startsWith('Podman') };
}

/**
 * @param {[string, ...string[]]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} what it printed; undefined when it failed or printed nothing
 */
async function say(command, env) {
  const { code, output } = await run(command, { env, capture: true });
  const text = output.trim();
  return code === 0 && text !== '' ? text : undefined;
}
