import { spawn } from 'node:child_process';
import { env } from 'node:process';

/** A real Docker (or Podman with its docker command) for tests to compare with. */
export interface RealDocker {
  /** Runs `docker ARGS…`. Rejects only when the program cannot be started. */
  run(args: readonly string[], options?: RunOptions): Promise<Output>;
  /** As `run`, but a non-zero exit code rejects with what was printed. */
  ok(args: readonly string[], options?: RunOptions): Promise<Output>;
}

export interface RunOptions {
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly cwd?: string;
}

export interface Output {
  readonly code: number;
  readonly stdout: Uint8Array;
  /** `stdout` as text. */
  readonly text: string;
  readonly stderr: string;
}

/** Printed beside every test that is left out without one. */
export const NO_DOCKER = 'needs a real Docker (SEMDISTRO_TEST_DOCKER)';

/** The Docker named by SEMDISTRO_TEST_DOCKER, a URL like `unix:///run/docker.sock`. */
export function realDocker(): RealDocker | undefined {
  const host = env['SEMDISTRO_TEST_DOCKER'];
  return host === undefined || host === '' ? undefined : dockerAt(host);
}

/** The Docker, or Podman, at a URL, by the `docker` on the PATH. */
export function dockerAt(host: string): RealDocker {
  const run: RealDocker['run'] = (args, options = {}) => docker(host, args, options);
  return {
    run,
    ok: async (args, options) => {
      const output = await run(args, options);
      if (output.code === 0) return output;
      throw new Error(`docker ${args.join(' ')} exited with ${output.code}\n${output.stderr}`);
    },
  };
}

/**
 * Takes away the names that match (as of `docker images --filter reference=`), and the images that have
 * no other. By ID, `rmi -f` would take the names that other tests gave the same image.
 */
export async function removeNames(docker: RealDocker, reference: string): Promise<void> {
  const format = '{{.Repository}}:{{.Tag}}';
  const { text } = await docker.ok([
    ...['images', '--format', format, '--filter', `reference=${reference}`],
  ]);
  const names = text.split('\n').filter((name) => name !== '' && !name.endsWith(':<none>'));
  if (names.length > 0) await docker.run(['rmi', '-f', ...names]);
}

function docker(
  host: string,
  args: readonly string[],
  { stdin, cwd }: RunOptions,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, {
      env: { ...env, DOCKER_HOST: host, BUILDKIT_PROGRESS: 'plain' },
      ...(cwd !== undefined && { cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    // A client that refuses its input closes the pipe early; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      const stdout = Buffer.concat(out);
      const stderr = Buffer.concat(err).toString();
      resolve({ code: code ?? -1, stdout, text: stdout.toString(), stderr });
    });
    void feed(child.stdin, stdin);
  });
}

async function feed(stream: NodeJS.WritableStream, input: RunOptions['stdin']): Promise<void> {
  if (input instanceof Uint8Array) stream.write(input);
  else if (input) for await (const chunk of input) stream.write(chunk);
  stream.end();
}
