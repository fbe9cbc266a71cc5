import process, { stdout } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { readCurriculum } from '../curriculum/curriculum.ts';
import { type Lesson, workspaceLab } from '../curriculum/lesson.ts';
import { layered } from '../labs/variants.ts';
import type { Folder } from '../verify/folder.ts';
import { runCommands } from './lesson-run.ts';
import { hasMachine, NO_MACHINE } from './machine.ts';

/** A lesson has compilers in it, and the machine emulates its processor. */
const SLOW = 900_000;

/**
 * A test for each lesson of a half (even numbers are 0): all its commands in their order in one shell, each with the outcome that
 * is written beside it. `SEMDISTRO_LESSONS=4,6` runs only those.
 */
export async function describeLessons(half: 0 | 1): Promise<void> {
  const { lessons, labs } = await readCurriculum();
  const only = process.env['SEMDISTRO_LESSONS']?.split(',').map(Number);
  const chosen = lessons.filter(
    ({ number }) => number % 2 === half && only?.includes(number) !== false,
  );
  const seconds: string[] = [];
  afterAll(() => {
    if (seconds.length > 0) stdout.write(`lessons: ${seconds.join(', ')}\n`);
  });
  describe('the commands of lesson', () => {
    if (chosen.length === 0) it.skip('SEMDISTRO_LESSONS names none of these', () => undefined);
    it.for(chosen)('$folder', { timeout: SLOW }, async (lesson, { skip, signal }) => {
      skip(!hasMachine, NO_MACHINE);
      const commands = lesson.texts['pt-BR'].commands.filter(({ where }) => where === 'here');
      const started = performance.now();
      const runs = await runCommands(commands, workspaceOf(lesson), signal);
      seconds.push(`${lesson.folder} ${Math.round((performance.now() - started) / 1000)} s`);
      for (const { command, exit, output } of runs) {
        const { file } = lesson.texts['pt-BR'];
        const place = `${file}:${command.line}\n${command.script}\n--- printed:\n${output}`;
        expect(exit, place).toBe(command.exit);
        for (const fragment of command.says) expect(output, place).toContain(fragment);
      }
    });
  });

  /** As a learner has them, without the random values, which no lesson shows. */
  function workspaceOf({ texts }: Lesson): Folder {
    const lab = labs.get(workspaceLab(texts['pt-BR'].frontmatter));
    return lab === undefined ? new Map() : layered(lab, 'start');
  }
}
