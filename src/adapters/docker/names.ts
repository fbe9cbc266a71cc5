import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Connection } from './connect.ts';
import { jsonLines } from './json-lines.ts';
import { apiError, asTrouble, troubleFrom } from './trouble.ts';

const imageSchema = z.object({
  Id: z.string(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const progressSchema = z.object({
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
});

/** What an engine has under a name; undefined for nothing. Errors: EngineTrouble. */
export async function imageState(
  { docker }: Connection,
  name: string,
): Promise<{ readonly id: string; readonly labels: Readonly<Record<string, string>> } | undefined> {
  try {
    const { Id, Config } = imageSchema.parse(await docker.getImage(name).inspect());
    return { id: Id, labels: Config?.Labels ?? {} };
  } catch (error) {
    if (apiError(error).status === 404) return undefined;
    throw troubleFrom(error);
  }
}

/** As `docker load`. Errors: EngineTrouble, with what the engine said. */
export async function loadArchive({ docker }: Connection, archive: Readable): Promise<void> {
  try {
    const answer = await docker.loadImage(archive, { quiet: true });
    for await (const line of jsonLines(answer)) {
      const { error, errorDetail } = progressSchema.parse(line);
      const message = errorDetail?.message ?? error;
      if (message !== undefined) throw asTrouble(message);
    }
  } catch (error) {
    throw troubleFrom(error);
  }
}

/** Takes a name from an image, and removes the image with its last name. What the engine says when it will not. */
export async function removeName(
  { docker }: Connection,
  name: string,
): Promise<string | undefined> {
  try {
    await docker.getImage(name).remove();
    return undefined;
  } catch (error) {
    const { status, message } = apiError(error);
    if (status === 404) return undefined;
    if (status === 409) return message;
    throw troubleFrom(error);
  }
}
