/*
 * A process of its own that runs containers on a pretended machine over a store in a folder:
 * `node container-process.ts FOLDER LINE…`. It runs each line as `docker LINE`, prints `done` after
 * each, and goes on until it is killed.
 */
import { nodePlatform } from '../cli/node-platform.ts';
import { openFolderStore } from '../cli/folder-store.ts';
import { containerEngine } from './container-engine.ts';

const [folder = '', ...lines] = process.argv.slice(2);
const { docker } = await containerEngine(await openFolderStore(folder, nodePlatform()));
for (const line of lines) {
  const { code, stderr } = await docker(line);
  process.stdout.write(code === 0 ? 'done\n' : `${line}: ${stderr}\n`);
}
setInterval(() => undefined, 1000);
