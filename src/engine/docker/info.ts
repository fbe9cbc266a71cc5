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
    const { os, architecture } = engine.defaultPlatform;
    const sources = engine.sources.map(({ name }) => name);
    const format = flags.string('format') ?? '';
    if (format !== '') {
      const info = goStruct('system.dockerInfo', {
        Containers: goField(0),
        ContainersRunning: goField(0),
        ContainersPaused: goField(0),
        ContainersStopped: goField(0),
        Images: goField(images),
        Driver: goField('semdistro'),
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
 Containers: 0
  Running: 0
  Paused: 0
  Stopped: 0
 Images: ${images}
 Server Version: ${VERSION}
 Storage Driver: semdistro
 Image Sources: ${sources.length === 0 ? 'none' : sources.join(' ')}
 Operating System: Sem Distro
 OSType: ${os}
 Architecture: ${architecture}
`);
    return 0;
  },
};
