// Starting programs so that signals, output and exit codes end up where their caller expects them.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The exit code a shell reports for a program that a signal ended.
 * @param {NodeJS.Signals} signal */
export const signalCode = (signal) => 128 + constants.signals[signal];

/**
 * @typedef {object} Ended
 * @property {number} code 128 + n after signal n, as in a shell; 127 when the program could not be started
 * @property {NodeJS.Signals | undefined} interrupted the signal this process was sent meanwhile
 * @property {string} output stdout and stderr as they came, when captured
 */

/**
 * Runs a program to its end. A signal sent to this process is passed on to it instead of ending
 * this process first, so that whoever waits sees the program's own end.
 * @param {readonly [string, ...string[]]} command
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.capture] collect stdout and stderr instead of passing them through
 * @returns {Promise<Ended>}
 */
export function run([program, ...args], { cwd, env = process.env, capture = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      // npm is a .cmd file on Windows, which only a shell starts.
      shell: process.platform === 'win32' && !program.includes('\\'),
    });
    let output = '';
    /** @type {NodeJS.Signals | undefined} */
    let interrupted;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      interrupted = signal;
      child.kill(signal);
    };
    /** @param {number} code */
    const end = (code) => {
      for (const signal of passedOn) process.removeListener(signal, forward);
      resolve({ code, interrupted, output });
    };
    for (const signal of passedOn) process.on(signal, forward);
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
