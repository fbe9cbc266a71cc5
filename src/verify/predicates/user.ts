import { textIn } from '../read.ts';
import type { Image } from '../engine.ts';
import { factsOf } from './facts.ts';

/** Who the container's process is, as far as the image says. */
export interface ImageUser {
  /** USER's part before the colon, '' when there is none. */
  readonly name: string;
  /** Undefined for a name that etc/passwd does not have: such a container does not start. */
  readonly uid: number | undefined;
  readonly gid: number;
  readonly home: string;
}

/** USER, resolved in the image's etc/passwd and etc/group as an engine does. */
export async function userOf(image: Image): Promise<ImageUser> {
  const [name = '', group = ''] = factsOf(image).user.split(':');
  const tree = await image.files();
  const users = linesOf(await textIn(tree, 'etc/passwd'));
  const wanted = name === '' ? '0' : name;
  const line = users.find((fields) => fields[isNumber(wanted) ? 2 : 0] === wanted);
  const uid = isNumber(wanted) ? Number(wanted) : line && Number(line[2]);
  return {
    name,
    uid,
    gid: group === '' ? Number(line?.[3] ?? 0) : await gidOf(image, group),
    home: line?.[5] ?? '/',
  };
}

async function gidOf(image: Image, group: string): Promise<number> {
  if (isNumber(group)) return Number(group);
  const groups = linesOf(await textIn(await image.files(), 'etc/group'));
  return Number(groups.find(([name]) => name === group)?.[2] ?? 0);
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

function linesOf(text: string | undefined): readonly (readonly string[])[] {
  return (text ?? '').split('\n').map((line) => line.trim().split(':'));
}
