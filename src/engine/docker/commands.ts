import { attachCommand } from './attach.ts';
import { buildCommand } from './build.ts';
import { builderPruneCommand } from './builder-prune.ts';
import type { CommandDefinition } from './command.ts';
import { commitCommand } from './commit.ts';
import { composeDownCommand } from './compose-down.ts';
import { composeLogsCommand } from './compose-logs.ts';
import { composePsCommand } from './compose-ps.ts';
import { composeUpCommand } from './compose-up.ts';
import { containerPruneCommand } from './container-prune.ts';
import { cpCommand } from './cp.ts';
import { createCommand } from './create.ts';
import { diffCommand } from './diff.ts';
import { eventsCommand } from './events.ts';
import { execCommand } from './exec.ts';
import { exportCommand } from './export.ts';
import { historyCommand } from './history.ts';
import { imagesCommand } from './images.ts';
import { importCommand } from './import.ts';
import { infoCommand } from './info.ts';
import {
  containerInspectCommand,
  imageInspectCommand,
  inspectCommand,
  networkInspectCommand,
  volumeInspectCommand,
} from './inspect.ts';
import { killCommand } from './kill.ts';
import { loadCommand } from './load.ts';
import { logsCommand } from './logs.ts';
import { manifestInspectCommand } from './manifest.ts';
import { networkConnectCommand, networkDisconnectCommand } from './network-connect.ts';
import { networkCreateCommand } from './network-create.ts';
import { networkLsCommand } from './network-ls.ts';
import { networkPruneCommand } from './network-prune.ts';
import { networkRmCommand } from './network-rm.ts';
import { pauseCommand, unpauseCommand } from './pause.ts';
import { portCommand } from './port.ts';
import { pruneCommand } from './prune.ts';
import { psCommand } from './ps.ts';
import { pullCommand } from './pull.ts';
import { renameCommand } from './rename.ts';
import { restartCommand } from './restart.ts';
import { rmCommand } from './rm.ts';
import { rmiCommand } from './rmi.ts';
import { runCommand } from './run.ts';
import { saveCommand } from './save.ts';
import { startCommand } from './start.ts';
import { statsCommand } from './stats.ts';
import { stopCommand } from './stop.ts';
import { systemDfCommand } from './system-df.ts';
import { systemPruneCommand } from './system-prune.ts';
import { tagCommand } from './tag.ts';
import { topCommand } from './top.ts';
import { versionCommand } from './version.ts';
import { volumeCreateCommand } from './volume-create.ts';
import { volumeLsCommand } from './volume-ls.ts';
import { volumePruneCommand } from './volume-prune.ts';
import { volumeRmCommand } from './volume-rm.ts';
import { waitCommand } from './wait.ts';

/** Every command there is. */
export const COMMANDS: readonly CommandDefinition[] = [
  attachCommand,
  buildCommand,
  builderPruneCommand,
  commitCommand,
  composeDownCommand,
  composeLogsCommand,
  composePsCommand,
  composeUpCommand,
  containerPruneCommand,
  cpCommand,
  createCommand,
  diffCommand,
  eventsCommand,
  execCommand,
  exportCommand,
  historyCommand,
  containerInspectCommand,
  imageInspectCommand,
  imagesCommand,
  importCommand,
  infoCommand,
  inspectCommand,
  killCommand,
  loadCommand,
  logsCommand,
  manifestInspectCommand,
  networkConnectCommand,
  networkCreateCommand,
  networkDisconnectCommand,
  networkInspectCommand,
  networkLsCommand,
  networkPruneCommand,
  networkRmCommand,
  pauseCommand,
  portCommand,
  pruneCommand,
  psCommand,
  pullCommand,
  renameCommand,
  restartCommand,
  rmCommand,
  rmiCommand,
  runCommand,
  saveCommand,
  startCommand,
  statsCommand,
  stopCommand,
  systemDfCommand,
  systemPruneCommand,
  tagCommand,
  topCommand,
  unpauseCommand,
  versionCommand,
  volumeCreateCommand,
  volumeInspectCommand,
  volumeLsCommand,
  volumePruneCommand,
  volumeRmCommand,
  waitCommand,
];

/** A first word that only leads to others. */
export interface Group {
  readonly name: string;
  readonly summary: string;
}

export const GROUPS: readonly Group[] = [
  { name: 'builder', summary: 'Manage builds' },
  { name: 'buildx', summary: 'Docker Buildx' },
  { name: 'compose', summary: 'Define and run multi-container applications' },
  { name: 'container', summary: 'Manage containers' },
  { name: 'image', summary: 'Manage images' },
  { name: 'manifest', summary: 'Manage Docker image manifests and manifest lists' },
  { name: 'network', summary: 'Manage networks' },
  { name: 'system', summary: 'Manage Docker' },
  { name: 'volume', summary: 'Manage volumes' },
];
