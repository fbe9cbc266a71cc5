import { listContainers } from '../containers/registry.ts';
import { listImages } from '../images/catalog.ts';
import { goField, goStrings, goStruct } from '../gotemplate/value.ts';
import { VERSION } from './about.ts';
import type { CommandDefinition } from './command.ts';
import { OBJECT_FORMAT } from './common-flags.ts';
import { writeObject } from './version.ts';

export const infoCommand: CommandDefinition = {
  name: 'info',
  aliases: ['system info', 'info'],
  usage: '[OPTIONS]',
  summary: 'Display system-wide information',
  flags: [OBJECT_FORMAT],
  arguments: { min: 0, max: 0 },
  examples: ['docker info', "docker info --format '{{.Images}}'"],
  async run({ engine, session, flags }) {
    const images = (await listImages(engine)).length;
    const containers = await listContainers(engine);
    const having = (test: (status: string) => boolean): number =>
      containers.filter(({ state }) => test(state.status)).length;
    const running = having((status) => status === 'running' || status === 'restarting');
    const paused = having((status) => status === 'paused');
    const stopped = containers.length - running - paused;
    const machine = engine.processHost ? 'crun' : 'none';
    const { os, architecture } = engine.defaultPlatform;
    const sources = engine.sources.map(({ name }) => name);
    const format = flags.string('format') ?? '';
    if (format !== '') {
      const info = goStruct('system.dockerInfo', {
        Containers: goField(containers.length),
        ContainersRunning: goField(running),
        ContainersPaused: goField(paused),
        ContainersStopped: goField(stopped),
        Images: goField(images),
        Driver: goField('semdistro'),
        LoggingDriver: goField('json-file'),
        CgroupDriver: goField('cgroupfs'),
        CgroupVersion: goField('2'),
        DefaultRuntime: goField(machine),
        OSType: goField(os),
        Architecture: goField(architecture),
        OperatingSystem: goField('Sem Distro'),
        ServerVersion: goField(VERSION),
        ImageSources: goField(goStrings(sources)),
      });
      writeObject(session, format, info);
      return 0;
    }
    session.stdout.write(`Client: Sem Distro
 Version:    ${VERSION}
 Context:    default
 Debug Mode: false

Server:
 Containers: ${containers.length}
  Running: ${running}
  Paused: ${paused}
  Stopped: ${stopped}
 Images: ${images}
 Server Version: ${VERSION}
 Storage Driver: semdistro
 Logging Driver: json-file
 Cgroup Driver: cgroupfs
 Cgroup Version: 2
 Plugins:
  Volume: local
  Network: bridge host null
 Default Runtime: ${machine}
 Image Sources: ${sources.length === 0 ? 'none' : sources.join(' ')}
 Operating System: Sem Distro
 OSType: ${os}
 Architecture: ${architecture}
`);
    return 0;
  },
};
