import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Printed beside every test that is left out without one. */
export const NO_CHROMIUM = 'needs Chromium (on the PATH, or named by CHROMIUM)';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** It draws nothing, and talks to nobody but the test's own server. */
export const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/**
 * The program of a Chromium: $CHROMIUM, or the first on the PATH. Undefined when there is none;
 * throws then where SEMDISTRO_TEST_CHROMIUM_REQUIRED=1 says that there must be one.
 */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const given = env['CHROMIUM'];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found =
    given !== undefined && given !== ''
      ? given
      : NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found === undefined && env['SEMDISTRO_TEST_CHROMIUM_REQUIRED'] === '1') {
    throw new Error(`SEMDISTRO_TEST_CHROMIUM_REQUIRED=1: ${NO_CHROMIUM}`);
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launchChromium(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: FLAGS });
}
