import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../engine/bytes.ts';
import { parseConfig } from '../../engine/images/documents.ts';
import type { ContainerConfig, ImageConfig } from '../../engine/oci/image.ts';
import { readTar } from '../../engine/tar/reader.ts';
import { folder, imageOf } from '../../verify/contract.ts';
import type { Engine, Image } from '../../verify/engine.ts';
import { NO_DOCKER, realDocker } from '../../testing/real-docker.ts';
import { standInsLoaded } from '../../testing/stand-ins.ts';
import { dockerEngine } from './engine.ts';
import { imageConfig } from './image-config.ts';

const docker = realDocker();

/** The config itself, out of the archive that the real client saves. */
async function savedConfig(id: string): Promise<ImageConfig> {
  const saved = await docker?.ok(['save', id]);
  const wanted = `blobs/${id.replace(':', '/')}`;
  for await (const { header, content } of readTar(Readable.from([saved?.stdout ?? '']))) {
    if (header.name === wanted) return parseConfig(await collect(content()));
  }
  throw new Error(`no config ${wanted}`);
}

/** Without what says the same as its absence. */
function plain(config: ImageConfig): ImageConfig {
  const settings: ContainerConfig = Object.fromEntries(
    Object.entries<unknown>({ ...config.config }).filter(([name, value]) => {
      const none = Array.isArray(value) && value.length === 0 && name === 'OnBuild';
      return KNOWN.has(name) && value !== null && value !== '' && !none;
    }),
  );
  const { created, ...rest } = config;
  const history = config.history.map(({ created: when, ...row }) => ({
    ...row,
    ...(when !== undefined && { created: seconds(when) }),
  }));
  return {
    ...rest,
    ...(created !== undefined && { created: seconds(created) }),
    config: settings,
    history,
  };
}

const KNOWN = new Set([
  ...['User', 'ExposedPorts', 'Env', 'Entrypoint', 'Cmd', 'Volumes', 'WorkingDir', 'Labels'],
  ...['StopSignal', 'Healthcheck', 'OnBuild', 'Shell'],
]);

const seconds = (time: string): string => time.replace(/(?:\.\d+)?(?:Z|\+00:00)$/, 'Z');

const EVERYTHING = `FROM busybox:1.37
WORKDIR /made
WORKDIR /bin
ENV A=b C="d e"
ARG X=1
RUN true
COPY f /f
LABEL l="m n"
USER 65532
EXPOSE 80 53/udp
VOLUME /data
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --timeout=2s --retries=2 CMD ["true"]
SHELL ["/bin/sh", "-ec"]
ENTRYPOINT ["/bin/sh"]
CMD ["-c", "echo"]
`;

describe.skipIf(!docker)(`the config that is put together (${NO_DOCKER})`, () => {
  let engine: Engine;
  beforeAll(async () => {
    await standInsLoaded(['busybox', 'distroless', 'python/python']);
    engine = await dockerEngine({
      env: { ...process.env, DOCKER_HOST: process.env['SEMDISTRO_TEST_DOCKER'] },
    });
  }, 900_000);
  afterAll(() => engine.close());

  const images: readonly (readonly [string, () => Promise<Image | undefined>])[] = [
    ['busybox:1.37', () => engine.image('busybox:1.37')],
    ['a distroless image', () => engine.image('gcr.io/distroless/static-debian13:nonroot')],
    ['an image with rows without a layer', () => engine.image('python:3.13-slim')],
    [
      'one with every instruction',
      async () =>
        imageOf(await engine.build({ context: folder({ Dockerfile: EVERYTHING, f: 'x' }) })),
    ],
  ];
  it.each(images)(
    'of %s is the one that Docker saves',
    async (_, find) => {
      const image = await find();
      if (!image) throw new Error('no image');
      expect(plain(image.config)).toEqual(plain(await savedConfig(image.id)));
      expect((await image.layers()).map(({ diffId }) => diffId)).toEqual(
        image.config.rootfs.diff_ids,
      );
    },
    60_000,
  );
});

describe('rows of a history', () => {
  const image = (layers: number) => ({
    ...{ Id: 'sha256:x', Architecture: 'amd64', Os: 'linux', Size: 1 },
    RootFS: { Layers: Array.from({ length: layers }, () => `sha256:${'0'.repeat(64)}`) },
  });
  const row = (CreatedBy: string, Size = 0) => ({ Created: 1, CreatedBy, Size });
  const withLayer = (layers: number, rows: readonly ReturnType<typeof row>[]) =>
    imageConfig(image(layers), [...rows].reverse())
      .history.filter(({ empty_layer }) => empty_layer !== true)
      .map(({ created_by }) => created_by);

  it('with bytes have a layer, and those of ENV none', () => {
    expect(withLayer(2, [row('ADD x', 5), row('ENV a=b'), row('RUN make', 3)])).toEqual([
      'ADD x',
      'RUN make',
    ]);
  });

  it('of old Dockers are read, too', () => {
    const old = '/bin/sh -c #(nop)  CMD ["sh"]';
    expect(withLayer(1, [row('/bin/sh -c #(nop) ADD file:x in / ', 5), row(old)])).toHaveLength(1);
  });

  it('without bytes have one where there are layers for them', () => {
    const rows = [row('ADD x', 5), row('WORKDIR /a'), row('RUN true')];
    expect(withLayer(3, rows)).toEqual(['ADD x', 'WORKDIR /a', 'RUN true']);
    expect(withLayer(2, rows)).toEqual(['ADD x', 'RUN true']);
  });
});
