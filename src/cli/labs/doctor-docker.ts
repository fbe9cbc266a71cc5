import { statfs } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { z } from 'zod';
import { connect, type Connection } from '../../adapters/docker/connect.ts';
import { humanSize } from '../../engine/format/size.ts';
import { STAND_IN_LABEL } from '../../pantry/image-documents.ts';
import { EngineTrouble } from '../../verify/engine.ts';
import { verbatim, type Words } from '../../verify/words.ts';
import { OWN_REGISTRY } from '../pantry-load.ts';
import type { Finding } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `doctor` says of the Docker or Podman of whoever calls, and of what lies between it and the
 * images of the labs. Never rejects for what it looks at: that is what it reports. Takes some seconds where nothing answers.
 */
export async function dockerFindings(env: Environment): Promise<readonly Finding[]> {
  const [engine, online, port] = await Promise.all([engineFound(env), registries(env), port5000()]);
  const info = engine instanceof EngineTrouble ? undefined : await infoOf(engine);
  return [
    engineFinding(engine),
    ...(engine instanceof EngineTrouble ? [] : [architecture(engine)]),
    ...(info ? await diskFinding(info.DockerRootDir) : []),
    registriesFinding(online),
    ...proxyFinding(env, [info?.HttpsProxy, info?.HttpProxy].find(Boolean)),
    port,
    ...(engine instanceof EngineTrouble ? [] : [await standIns(engine, online)]),
  ];
}

async function engineFound(env: Environment): Promise<Connection | EngineTrouble> {
  try {
    return await connect({ env });
  } catch (error) {
    if (error instanceof EngineTrouble) return error;
    throw error;
  }
}

function engineFinding(engine: Connection | EngineTrouble): Finding {
  if (engine instanceof EngineTrouble) {
    const { words, advice } = engine;
    return {
      ...{ id: 'docker', name: verbatim('Docker'), value: words, status: 'note' },
      ...(advice && { repair: advice }),
    };
  }
  const { kind, version, endpoint } = engine;
  const from =
    endpoint.from === 'default' || endpoint.from === 'Podman' ? '' : `, ${endpoint.from}`;
  const name = kind === 'podman' ? 'Podman' : 'Docker';
  const value = verbatim(`${name} ${version}, \`${endpoint.url}\`${from}`);
  return { id: 'docker', name: verbatim(name), value, status: 'ok' };
}

function architecture({ platform }: Connection): Finding {
  const name = { 'pt-BR': 'Arquitetura', en: 'Architecture' };
  return { id: 'architecture', name, value: verbatim(platform), status: 'ok' };
}

const infoSchema = z.object({
  DockerRootDir: z.string().optional(),
  HttpProxy: z.string().optional(),
  HttpsProxy: z.string().optional(),
});

async function infoOf({ docker }: Connection): Promise<z.infer<typeof infoSchema>> {
  const answer: unknown = await docker.info().catch(() => ({}));
  return infoSchema.safeParse(answer).data ?? {};
}

/** What a full set of the labs' images and builds takes, and some more. */
const ROOM = 4e9;

/** Only where the engine's folder is on this computer's own disk; a virtual machine has another. */
async function diskFinding(folder: string | undefined): Promise<readonly Finding[]> {
  const found = folder === undefined ? undefined : await statfs(folder).catch(() => undefined);
  if (!found || folder === undefined) return [];
  const free = found.bavail * found.bsize;
  const value = {
    'pt-BR': `${humanSize(free)} livres em \`${folder}\``,
    en: `${humanSize(free)} free in \`${folder}\``,
  };
  const name = { 'pt-BR': 'Disco', en: 'Disk' };
  if (free >= ROOM) return [{ id: 'docker-disk', name, value, status: 'ok' }];
  return [
    {
      ...{ id: 'docker-disk', name, value, status: 'note' },
      repair: {
        'pt-BR':
          'Os exercícios pedem uns 4 GB: veja o que ocupa o disco com `docker system df`; `docker builder prune` esvazia o cache de builds.',
        en: 'The labs want some 4 GB: see what takes the disk with `docker system df`; `docker builder prune` empties the build cache.',
      },
    },
  ];
}

/** Where the labs' images are upstream. */
const REGISTRIES = ['gcr.io', 'registry-1.docker.io', 'cgr.dev'] as const;
const PATIENCE = 4000;

interface Reached {
  readonly host: string;
  readonly reached: boolean;
}

function registries(env: Environment): Promise<readonly Reached[]> {
  return Promise.all(REGISTRIES.map(async (host) => ({ host, reached: await answers(host, env) })));
}

/** Any answer will do: without a token it is 401. */
function answers(host: string, env: Environment): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE);
  const agent = new Agent({ proxyEnv: { ...env } });
  return new Promise((resolve) => {
    const done = (reached: boolean): void => {
      agent.destroy();
      resolve(reached);
    };
    const asked = request({ host, path: '/v2/', method: 'HEAD', agent, signal }, (answer) => {
      answer.resume();
      done(true);
    });
    asked.on('error', () => {
      done(false);
    });
    asked.end();
  });
}

function registriesFinding(all: readonly Reached[]): Finding {
  const name = { 'pt-BR': 'Registros', en: 'Registries' };
  const missing = all.filter(({ reached }) => !reached).map(({ host }) => `\`${host}\``);
  if (missing.length === 0) {
    const hosts = all.map(({ host }) => `\`${host}\``).join(', ');
    return { id: 'registries', name, value: verbatim(hosts), status: 'ok' };
  }
  return {
    ...{ id: 'registries', name, status: 'note' },
    value: {
      'pt-BR': `sem resposta de ${missing.join(', ')}`,
      en: `no answer from ${missing.join(', ')}`,
    },
    repair: {
      'pt-BR':
        'Sem internet, o Docker usa as imagens da oficina: `semdistro pantry load --as-upstream`. Com internet, confira proxy, VPN e firewall.',
      en: 'Without internet, Docker can use the workshop’s images: `semdistro pantry load --as-upstream`. With internet, look at proxy, VPN and firewall.',
    },
  };
}

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** A proxy of the shell is not one of the engine, which is what pulls. */
function proxyFinding(env: Environment, engines: string | undefined): readonly Finding[] {
  const variable = PROXIES.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined && engines === undefined) return [];
  const shown = variable === undefined ? '' : `${variable}=${withoutPassword(env[variable] ?? '')}`;
  const pulling = engines === undefined ? '' : withoutPassword(engines);
  const value: Words = {
    'pt-BR': `no terminal: ${shown === '' ? 'nenhum' : `\`${shown}\``}; no Docker: ${pulling === '' ? 'nenhum' : `\`${pulling}\``}`,
    en: `in the shell: ${shown === '' ? 'none' : `\`${shown}\``}; in Docker: ${pulling === '' ? 'none' : `\`${pulling}\``}`,
  };
  if (pulling !== '') return [{ id: 'proxy', name: verbatim('Proxy'), value, status: 'ok' }];
  return [
    {
      ...{ id: 'proxy', name: verbatim('Proxy'), value, status: 'note' },
      repair: {
        'pt-BR':
          'Quem baixa imagens é o Docker: diga o proxy também a ele (https://docs.docker.com/engine/daemon/proxy/, ou Settings → Resources → Proxies no Docker Desktop).',
        en: 'It is Docker that pulls images: tell it the proxy too (https://docs.docker.com/engine/daemon/proxy/, or Settings → Resources → Proxies in Docker Desktop).',
      },
    },
  ];
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//…@');
}

const PORT = 5000;

/** Flask's and many a tutorial's port, which AirPlay takes on every Mac since 2021. */
async function port5000(): Promise<Finding> {
  const name = { 'pt-BR': 'Porta 5000', en: 'Port 5000' };
  if (await isFree(PORT)) {
    return { id: 'port-5000', name, value: { 'pt-BR': 'livre', en: 'free' }, status: 'ok' };
  }
  const mac = process.platform === 'darwin';
  return {
    ...{ id: 'port-5000', name, status: 'note' },
    value: mac
      ? {
          'pt-BR': 'ocupada, provavelmente pelo Receptor AirPlay',
          en: 'taken, probably by AirPlay Receiver',
        }
      : { 'pt-BR': 'ocupada por outro programa', en: 'taken by another program' },
    repair: {
      'pt-BR': `Publique em outra: \`docker run -p 5001:5000 …\` e abra http://localhost:5001.${mac ? ' Ou desligue em Ajustes → Geral → AirDrop e Handoff.' : ''}`,
      en: `Publish another one: \`docker run -p 5001:5000 …\`, and open http://localhost:5001.${mac ? ' Or turn it off in Settings → General → AirDrop & Handoff.' : ''}`,
    },
  };
}

/** On every address, since that is where AirPlay listens and where `-p 5000:5000` would. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => {
      resolve(false);
    });
    server.listen(port, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

const imagesSchema = z.array(z.object({ RepoTags: z.array(z.string()).nullish() }));

async function standIns({ docker }: Connection, online: readonly Reached[]): Promise<Finding> {
  const name = { 'pt-BR': 'Imagens', en: 'Stand-ins' };
  const found: unknown = await docker
    .listImages({ filters: { label: [STAND_IN_LABEL] } })
    .catch(() => []);
  const names = imagesSchema.parse(found).flatMap(({ RepoTags }) => RepoTags ?? []);
  const own = names.filter((tag) => tag.startsWith(`${OWN_REGISTRY}/`)).length;
  // A learner's image inherits the label of its base: only names that the pantry gives count.
  const upstream = names.filter((tag) => UPSTREAM.test(tag)).length;
  if (upstream > 0) {
    return {
      ...{ id: 'stand-ins', name, status: 'note' },
      value: {
        'pt-BR': `${upstream} nomes de imagens oficiais são da oficina neste Docker`,
        en: `${upstream} names of upstream’s images are the workshop’s stand-ins in this Docker`,
      },
      repair: {
        'pt-BR': 'Serve para a oficina sem internet. Para desfazer: `semdistro pantry unload`.',
        en: 'That is meant for the workshop without internet. To undo it: `semdistro pantry unload`.',
      },
    };
  }
  const offline = online.every(({ reached }) => !reached);
  return {
    ...{ id: 'stand-ins', name, status: offline ? 'note' : 'ok' },
    value: {
      'pt-BR': own > 0 ? `${own}, com nomes próprios (\`${OWN_REGISTRY}/…\`)` : 'nenhuma carregada',
      en: own > 0 ? `${own}, under names of their own (\`${OWN_REGISTRY}/…\`)` : 'none loaded',
    },
    ...(offline && {
      repair: {
        'pt-BR':
          'Para os exercícios no Docker sem internet: `semdistro pantry load --as-upstream`.',
        en: 'For the labs on Docker without internet: `semdistro pantry load --as-upstream`.',
      },
    }),
  };
}

/** As Docker lists names of docker.io, and as Podman does. */
const UPSTREAM =
  /^(?:docker\.io\/library\/)?(?:busybox|debian|eclipse-temurin|gcc|golang|node|python|redis):|^gcr\.io\/distroless\/|^cgr\.dev\/chainguard\//;
