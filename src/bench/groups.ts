import type { Group } from './group.ts';
import { build } from './build.ts';
import { labs } from './labs.ts';
import { load } from './load.ts';
import { machine } from './machine.ts';
import { ninep } from './ninep.ts';
import { programs } from './machine-programs.ts';
import { proof } from './proof.ts';
import { site } from './site.ts';
import { size } from './size.ts';
import { store } from './store.ts';

/** Every group, in the order of the table. A new one is a file beside this one and a line here. */
export const groups: readonly Group[] = [
  build,
  store,
  load,
  size,
  ninep,
  machine,
  programs,
  labs,
  proof,
  site,
];
