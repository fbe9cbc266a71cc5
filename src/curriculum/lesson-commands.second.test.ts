import { describeLessons } from '../testing/lesson-commands.ts';

// The other lessons are in lesson-commands.test.ts: a machine each, side by side.
await describeLessons(0);
