import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Connection } from './connect.ts';
import { removeContainer } from './container.ts';
import {
  FOLDER_PREFIX,
  IMAGE_REPOSITORY,
  isGone,
  OWNER_LABEL,
  type Owner,
  parseOwner,
} from './labels.ts';
import { removeName } from './names.ts';

const imagesSchema = z.array(z.object({ RepoTags: z.array(z.string()).nullish() }));
const volumesSchema = z.object({
  Volumes: z
    .array(z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }))
    .nullish(),
});

/**
 * Removes what owners made for whom `which` holds: containers and volumes by their label, images by
 * their name, which leaves those that have another. Nothing else is looked at. Errors: EngineTrouble.
 */
export async function removeWhere(
  connection: Connection,
  which: (owner: Owner) => boolean,
): Promise<void> {
  const { docker } = connection;
  const ours = (name: string | undefined): boolean => {
    const owner = parseOwner(name ?? '');
    return owner !== undefined && which(owner);
  };
  const containers = await docker.listContainers({
    all: true,
    filters: { label: [OWNER_LABEL] },
  });
  for (const { Id, Labels } of containers) {
    if (ours(Labels[OWNER_LABEL])) await removeContainer(docker.getContainer(Id));
  }
  const volumes = volumesSchema.parse(
    await docker.listVolumes({ filters: { label: [OWNER_LABEL] } }),
  );
  for (const { Name, Labels } of volumes.Volumes ?? []) {
    // A volume goes with its container; this is what a crash between the two left.
    if (ours(Labels?.[OWNER_LABEL]))
      await docker
        .getVolume(Name)
        .remove()
        .catch(() => undefined);
  }
  const images = imagesSchema.parse(
    await docker.listImages({ filters: { reference: [IMAGE_REPOSITORY] } }),
  );
  for (const name of images.flatMap(({ RepoTags }) => RepoTags ?? [])) {
    const tag = name.startsWith(`${IMAGE_REPOSITORY}:`)
      ? name.slice(name.lastIndexOf(':') + 1)
      : '';
    if (ours(tag)) await removeName(connection, name);
  }
}

const FORCED = { recursive: true, force: true } as const;

/** What processes left that were killed before they could clean up. */
export async function removeLeftovers(connection: Connection, here: Owner): Promise<void> {
  await removeWhere(connection, (owner) => isGone(owner, here));
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(FOLDER_PREFIX) && parseOwner(name.slice(FOLDER_PREFIX.length));
    if (owner && isGone(owner, here)) await rm(join(tmpdir(), name), FORCED);
  }
}
