import { templateError } from '../format/template-error.ts';
import { goJson } from '../gotemplate/json.ts';
import { parseTemplate } from '../gotemplate/template.ts';
import { type GoStruct, type GoValue, goField, goStruct } from '../gotemplate/value.ts';
import type { OciPlatform } from '../oci/image.ts';
import { API_VERSION, ENGINE_VERSION, VERSION } from './about.ts';
import type { CommandDefinition } from './command.ts';
import type { Session } from './session.ts';
import { OBJECT_FORMAT } from './common-flags.ts';

export const versionCommand: CommandDefinition = {
  name: 'version',
  usage: '[OPTIONS]',
  summary: 'Show the Docker version information',
  flags: [OBJECT_FORMAT],
  arguments: { min: 0, max: 0 },
  examples: ['docker version', "docker version --format '{{.Server.Version}}'"],
  async run({ engine, session, flags }) {
    const format = flags.string('format') ?? '';
    const info = versionInfo(engine.defaultPlatform);
    if (format === '') session.stdout.write(text(engine.defaultPlatform));
    else writeObject(session, format, info, 'version');
    return 0;
  },
};

/** `--format` of `version` and `info`. What was printed before a mistake stays printed, as in Docker. */
export function writeObject(session: Session, format: string, value: GoValue, name = ''): void {
  if (format === 'json') {
    session.stdout.write(`${goJson(value)}\n`);
    return;
  }
  const template = templateError(() => parseTemplate(format, name), 64);
  try {
    const write = (text: string): void => {
      session.stdout.write(text);
    };
    template.render(value, { write });
  } finally {
    session.stdout.write('\n');
  }
}

function versionInfo({ os, architecture }: OciPlatform): GoStruct {
  return goStruct('system.versionInfo', {
    Client: goField(
      goStruct('*system.clientVersion', {
        Platform: goField(goStruct('*system.platformInfo', { Name: goField('Sem Distro') })),
        Version: goField(VERSION),
        ApiVersion: goField(API_VERSION),
        DefaultAPIVersion: goField(API_VERSION),
        Os: goField(os),
        Arch: goField(architecture),
        Context: goField('default'),
      }),
    ),
    Server: goField(
      goStruct('*types.Version', {
        Platform: goField(goStruct('struct { Name string }', { Name: goField('Sem Distro') })),
        Version: goField(VERSION),
        ApiVersion: goField(API_VERSION),
        Os: goField(os),
        Arch: goField(architecture),
      }),
    ),
  });
}

function text({ os, architecture }: OciPlatform): string {
  const line = (name: string, value: string): string => `${name}:`.padEnd(20) + value;
  return [
    'Client: Sem Distro',
    line(' Version', VERSION),
    line(' API version', API_VERSION),
    line(' OS/Arch', `${os}/${architecture}`),
    line(' Context', 'default'),
    '',
    'Server: Sem Distro',
    ' Engine:',
    line('  Version', VERSION),
    line('  API version', API_VERSION),
    line('  OS/Arch', `${os}/${architecture}`),
    ' semdistro:',
    line('  Version', ENGINE_VERSION),
    '',
  ].join('\n');
}
