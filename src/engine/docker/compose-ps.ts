import { composeInvalid } from '../compose/error.ts';
import { isRunning } from '../containers/state.ts';
import { formatListing, type Listing } from '../format/listing.ts';
import { UTC } from '../format/time.ts';
import type { CommandDefinition } from './command.ts';
import { LIST_FORMAT } from './common-flags.ts';
import { openProject, PROJECT_FLAGS, projectContainers, serviceOf } from './compose-project.ts';
import { containerListing, containerRow } from './container-rows.ts';
import { currentImages } from './ps.ts';

const LISTING: Listing = {
  type: '*formatter.ContainerContext',
  titles: { ...containerListing(false).titles, Name: 'NAME', Service: 'SERVICE' },
  table:
    '{{.Name}}\t{{.Image}}\t{{.Command}}\t{{.Service}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}',
  quiet: '{{.ID}}',
};

export const composePsCommand: CommandDefinition = {
  name: 'compose ps',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'List containers',
  flags: [
    { name: 'all', short: 'a', kind: 'bool', help: 'Show all stopped containers' },
    LIST_FORMAT,
    { name: 'quiet', short: 'q', kind: 'bool', help: 'Only display IDs' },
    ...PROJECT_FLAGS,
  ],
  arguments: { min: 0 },
  examples: ['docker compose ps', 'docker compose ps -a'],
  async run(context) {
    const { engine, session, args, flags } = context;
    const project = await openProject(context);
    for (const name of args) {
      if (!project.compose.services.has(name)) throw composeInvalid(`no such service: ${name}`);
    }
    const records = (await projectContainers(engine, project)).filter(
      (record) =>
        (flags.bool('all') || isRunning(record)) &&
        (args.length === 0 || args.includes(serviceOf(record))),
    );
    const options = {
      trunc: !flags.bool('quiet'),
      now: engine.platform.now(),
      zone: session.zone ?? UTC,
      images: await currentImages(engine, records),
    };
    const rows = records
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((record) => ({
        ...containerRow(record, options),
        Name: () => record.name,
        Service: () => serviceOf(record),
      }));
    session.stdout.write(
      formatListing(LISTING, rows, { format: flags.string('format'), quiet: flags.bool('quiet') }),
    );
    return 0;
  },
};
