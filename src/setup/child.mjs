// Starting programs so that signals, output and exit codes end up where their caller expects them.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @type {NodeJS.Signals | undefined} */
let received;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * From now on a signal sent to this process is passed on to the programs it runs instead of ending
 * it first: whoever waits for it sees their end. Those that would start later do not start.
 */
export function passSignalsOn() {
  for (const signal of passedOn) {
    process.on(signal, () => {
      received ??= signal;
      for (const child of running) child.kill(signal);
    });
  }
}

/** The exit code a shell reports for a program that a signal ended.
 * @param {NodeJS.Signals} signal */
export const signalCode = (signal) => 128 + constants.signals[signal];

/**
 * @typedef {object} Ended
 * @property {number} code 128 + n after signal n, as in a shell; 127 when the program could not be started
 * @property {NodeJS.Signals | undefined} interrupted the signal that {@link passSignalsOn} passed on
 * @property {string} output stdout and stderr as they came, when captured
 */

/**
 * Runs a program to its end.
 * @param {readonly [string, ...string[]]} command
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.capture] collect stdout and stderr instead of passing them through
 * @returns {Promise<Ended>}
 */
export function run([program, ...args], { cwd, env = process.env, capture = false } = {}) {
  if (received !== undefined) {
    return Promise.resolve({ code: signalCode(received), interrupted: received, output: '' });
  }
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      // npm is a .cmd file on Windows, which only a shell starts.
      shell: process.platform === 'win32' && !program.includes('\\'),
    });
    running.add(child);
    let output = '';
    /** @param {number} code */
    const end = (code) => {
      running.delete(child);
      resolve({ code, interrupted: received, output });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    }
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code, signal) => {
      end(signal === null ? (code ?? 1) : signalCode(signal));
    });
  });
}
