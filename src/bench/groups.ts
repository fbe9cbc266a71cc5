import type { Group } from './group.ts';
import { size } from './size.ts';

/** Every group, in the order of the table. A new one is a file beside this one and a line here. */
export const groups: readonly Group[] = [size];
