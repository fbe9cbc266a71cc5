import { describeLessons } from '../testing/lesson-commands.ts';

await describeLessons(1);
