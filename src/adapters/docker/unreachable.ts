import { EngineTrouble } from '../../verify/engine.ts';
import { type Endpoint, type EngineChoice, socketPath } from './endpoint.ts';
import { both } from './words.ts';

interface Failure {
  /** Node's name of it; `HTTP` when something else than an engine answered. */
  readonly code: string | undefined;
  readonly message: string;
  readonly cause: unknown;
}

/** Why nobody answers at an endpoint, and what to do about it. */
export function unreachable(
  endpoint: Endpoint,
  choice: EngineChoice,
  failure: Failure | undefined,
): EngineTrouble {
  const { url, from } = endpoint;
  const at = `\`${socketPath(url) ?? url}\``;
  const named = from === 'default' || from === 'Podman' ? '' : ` (${from})`;
  const options = { ...(failure && { cause: failure.cause }) };
  const isPodman = choice === 'podman' || from === 'Podman' || from === 'CONTAINER_HOST';
  const engine = isPodman ? 'Podman' : 'Docker';
  const start = isPodman ? START_PODMAN : START;
  switch (failure?.code) {
    case 'EACCES':
    case 'EPERM':
      return new EngineTrouble(
        'no-engine',
        both(
          `Sem permissão para falar com o Docker em ${at}${named}.`,
          `No permission to talk to Docker at ${at}${named}.`,
        ),
        {
          ...options,
          advice: both(
            'No Linux: `sudo usermod -aG docker $USER`, e saia da sessão e entre de novo (ou `newgrp docker`). Lembre-se: quem fala com o Docker pode tudo no computador.',
            'On Linux: `sudo usermod -aG docker $USER`, then log out and in again (or `newgrp docker`). Mind that whoever talks to Docker may do anything on the computer.',
          ),
        },
      );
    case 'ECONNREFUSED':
      return new EngineTrouble(
        'no-engine',
        both(
          `Ninguém responde em ${at}${named}: o ${engine} está parado.`,
          `Nobody answers at ${at}${named}: ${engine} is not running.`,
        ),
        { ...options, advice: start },
      );
    case 'ETIMEDOUT':
      return new EngineTrouble(
        'timeout',
        both(
          `O ${engine} em ${at}${named} não respondeu em 15 segundos.`,
          `${engine} at ${at}${named} did not answer within 15 seconds.`,
        ),
        { ...options, advice: start },
      );
    case 'ENOENT':
    case undefined:
      return new EngineTrouble(
        'no-engine',
        isPodman
          ? both('Nenhum Podman encontrado.', 'There is no Podman to be found.')
          : both(
              `Nenhum Docker encontrado: não há nada em ${at}${named}.`,
              `No Docker found: there is nothing at ${at}${named}.`,
            ),
        {
          ...options,
          advice: isPodman ? START_PODMAN : INSTALL,
        },
      );
    default:
      return new EngineTrouble(
        'no-engine',
        both(
          `Não deu para falar com o Docker em ${at}${named}: ${failure?.message ?? ''}`,
          `Docker at ${at}${named} cannot be talked to: ${failure?.message ?? ''}`,
        ),
        {
          ...options,
          advice: both(
            'Confira `DOCKER_HOST`, `DOCKER_CONTEXT` e `docker context ls`; `docker version` precisa funcionar primeiro.',
            'Look at `DOCKER_HOST`, `DOCKER_CONTEXT` and `docker context ls`; `docker version` has to work first.',
          ),
        },
      );
  }
}

const START = both(
  'Abra o Docker Desktop, ou no Linux: `sudo systemctl start docker`. Sem Docker, use `--engine embedded`.',
  'Open Docker Desktop, or on Linux: `sudo systemctl start docker`. Without Docker, use `--engine embedded`.',
);

const START_PODMAN = both(
  'Ligue o serviço: `systemctl --user start podman.socket` (no Mac e no Windows: `podman machine start`), ou diga onde ele está em `CONTAINER_HOST`.',
  'Start its service: `systemctl --user start podman.socket` (on Mac and Windows: `podman machine start`), or say where it is in `CONTAINER_HOST`.',
);

const INSTALL = both(
  'Instale o Docker (https://docs.docker.com/get-started/get-docker/) ou abra o Docker Desktop. Não é obrigatório: `--engine embedded` não precisa de nada.',
  'Install Docker (https://docs.docker.com/get-started/get-docker/) or open Docker Desktop. You do not have to: `--engine embedded` needs nothing.',
);

/** Something answers, and it is not the engine that was asked for. */
export function notThis(
  choice: EngineChoice,
  { url }: Endpoint,
  kind: 'docker' | 'podman',
): EngineTrouble {
  const [wanted, found] = [choice, kind].map((name) => (name === 'podman' ? 'Podman' : 'Docker'));
  return new EngineTrouble(
    'no-engine',
    both(
      `Quem responde em \`${url}\` é o ${found ?? ''}, e não o ${wanted ?? ''}.`,
      `It is ${found ?? ''} that answers at \`${url}\`, and not ${wanted ?? ''}.`,
    ),
    { advice: both(`Use \`--engine ${kind}\`.`, `Use \`--engine ${kind}\`.`) },
  );
}

export function tooOld(version: string, { url }: Endpoint): EngineTrouble {
  return new EngineTrouble(
    'engine-too-old',
    both(
      `O Docker em \`${url}\` é o ${version}; os exercícios precisam do 20.10 ou mais novo.`,
      `Docker at \`${url}\` is ${version}; the labs need 20.10 or newer.`,
    ),
    {
      advice: both(
        'Atualize o Docker, ou use `--engine embedded`.',
        'Update Docker, or use `--engine embedded`.',
      ),
    },
  );
}
