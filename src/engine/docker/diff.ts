import { baseTree } from '../containers/base-tree.ts';
import { pathChanges } from '../containers/changes.ts';
import { findContainer } from '../containers/registry.ts';
import { containerView } from '../containers/roots.ts';
import { formatListing, type Listing } from '../format/listing.ts';
import type { CommandDefinition } from './command.ts';

const LISTING: Listing = {
  type: '*container.diffContext',
  titles: { Type: 'CHANGE TYPE', Path: 'PATH' },
  table: '{{.Type}}\t{{.Path}}',
};

export const diffCommand: CommandDefinition = {
  name: 'diff',
  aliases: ['container diff', 'diff'],
  usage: 'CONTAINER',
  summary: "Inspect changes to files or directories on a container's filesystem",
  flags: [],
  arguments: { min: 1, max: 1 },
  examples: ['docker diff web'],
  async run({ engine, session, args }) {
    const record = await findContainer(engine, args[0] ?? '');
    const changes = pathChanges(
      await baseTree(engine, record),
      await containerView(engine, record),
    );
    const rows = [...changes].map(({ kind, path }) => ({
      Type: () => kind,
      Path: () => `/${path}`,
    }));
    session.stdout.write(formatListing(LISTING, rows, { format: '{{.Type}} {{.Path}}' }));
    return 0;
  },
};
