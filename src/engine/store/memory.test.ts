import { portablePlatform } from '../portable.ts';
import { describeStore } from './contract.ts';
import { memoryStore } from './memory.ts';

const platform = portablePlatform({ now: () => 0, randomHex: (digits) => '0'.repeat(digits) });

describeStore('the store in memory', async () => ({ store: memoryStore(platform) }));
