/** `put-one.ts <dir>`: stores one blob; prints `ok` or the error's code and message. */
import { utf8 } from '../../../engine/bytes.ts';
import { EngineError } from '../../../engine/errors.ts';
import { openFolderStore } from '../../folder-store.ts';
import { nodePlatform } from '../../node-platform.ts';

try {
  const store = await openFolderStore(process.argv[2] ?? '', nodePlatform());
  await store.blobs.put(utf8('one'));
  console.log('ok');
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.log(`${error.code}: ${error.message}`);
}
