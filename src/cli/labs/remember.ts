import type { Call } from './command.ts';
import { inLanguage, troubleFrom } from './trouble.ts';

/** What was done stands even where it cannot be written down; that is said, and nothing else comes of it. */
export async function noteFailure(
  { language, note, words }: Call,
  remember: () => Promise<void>,
): Promise<void> {
  try {
    await remember();
  } catch (error) {
    if (!troubleFrom(error)) throw error;
    const said = inLanguage(error, language);
    if (said instanceof Error) note(words.verify.notRemembered(said.message));
  }
}
