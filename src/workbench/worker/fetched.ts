import { WorkbenchFailure } from '../failure.ts';

/**
 * A module that is not there from the start. What it throws while it loads is its server's silence:
 * rejects with WorkbenchFailure `code-unreachable`.
 */
export async function fetched<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new WorkbenchFailure(
      'code-unreachable',
      `a part of the workbench could not be fetched (${error instanceof Error ? error.message : String(error)})`,
      'Look at your connection, and reload the page: what was saved stays saved.',
    );
  }
}
