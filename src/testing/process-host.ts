import { utf8 } from '../engine/bytes.ts';
import type { ProcessHost, RunRequest, RunResult } from '../engine/build/process-host.ts';
import type { Entry } from '../engine/layer/entry.ts';

/** A machine that runs nothing: it remembers what it was asked and answers what it is told to. */
export function fakeHost(
  answer: (request: RunRequest) => {
    readonly exitCode?: number;
    readonly changes?: readonly Entry[];
    readonly stdout?: string;
    readonly stderr?: string;
  } = () => ({}),
): { readonly host: ProcessHost; readonly requests: readonly RunRequest[] } {
  const requests: RunRequest[] = [];
  const host: ProcessHost = {
    async run(request, output): Promise<RunResult> {
      requests.push(request);
      const { exitCode = 0, changes = [], stdout, stderr } = answer(request);
      if (stdout !== undefined) output.stdout(utf8(stdout));
      if (stderr !== undefined) output.stderr(utf8(stderr));
      return { exitCode, changes };
    },
  };
  return { host, requests };
}
