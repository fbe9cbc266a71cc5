import { composeInvalid } from '../compose/error.ts';
import type { CommandDefinition } from './command.ts';
import { showLogs } from './compose-log.ts';
import { openProject, PROJECT_FLAGS, projectContainers, serviceOf } from './compose-project.ts';

export const composeLogsCommand: CommandDefinition = {
  name: 'compose logs',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'View output from containers',
  flags: [
    { name: 'follow', short: 'f', kind: 'bool', help: 'Follow log output' },
    { name: 'no-log-prefix', kind: 'bool', help: "Don't print prefix in logs" },
    {
      name: 'tail',
      short: 'n',
      kind: 'string',
      value: 'string',
      default: 'all',
      help: 'Number of lines to show from the end of the logs for each container',
    },
    { name: 'timestamps', short: 't', kind: 'bool', help: 'Show timestamps' },
    ...PROJECT_FLAGS,
  ],
  arguments: { min: 0 },
  examples: ['docker compose logs -f', 'docker compose logs --tail 20 web'],
  async run(context) {
    const { engine, session, args, flags } = context;
    const project = await openProject(context);
    for (const name of args) {
      if (!project.compose.services.has(name)) throw composeInvalid(`no such service: ${name}`);
    }
    const records = (await projectContainers(engine, project))
      .filter((record) => args.length === 0 || args.includes(serviceOf(record)))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const tail = flags.string('tail') ?? 'all';
    await showLogs(session, project, records, {
      follow: flags.bool('follow'),
      timestamps: flags.bool('timestamps'),
      noPrefix: flags.bool('no-log-prefix'),
      signal: session.signal,
      ...(/^\d+$/.test(tail) && { tail: Number(tail) }),
    });
    session.signal.throwIfAborted();
    return 0;
  },
};
