import { join } from 'node:path';
import type { Plugin } from 'vite';
import { packLab } from '../labs/packed.ts';
import { readLab } from './labs.ts';
import { REPOSITORY } from './repository.ts';

/**
 * Makes `labs/<slug>/lab.yaml?lab` a module whose default export is the lab as plain data
 * (`PackedLab`): read and checked while the site is built, so that neither YAML nor checks of it
 * go to a browser. A lab that does not fit together fails the build with file and field.
 */
export function labModules(): Plugin {
  return {
    name: 'lab-modules',
    load: {
      filter: { id: LAB_MODULE },
      async handler(id) {
        const slug = LAB_MODULE.exec(id)?.[1] ?? '';
        const lab = await readLab(LABS, slug);
        for (const path of lab.files.keys()) this.addWatchFile(join(LABS, slug, path));
        const code = `export default ${JSON.stringify(packLab(lab))};`;
        return { code, moduleType: 'js', map: null };
      },
    },
  };
}

const LABS = join(REPOSITORY, 'labs');
const LAB_MODULE = /[\\/]labs[\\/]([^\\/]+)[\\/]lab\.yaml\?lab$/;
