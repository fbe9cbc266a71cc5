import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { didYouMean } from '../engine/dockerfile/suggest.ts';
import { EngineError } from '../engine/errors.ts';
import { humanSize } from '../engine/format/size.ts';
import { buildMachine, type MachineReport } from '../pantry/machine/build-machine.ts';
import { type KernelKind, KERNELS } from '../pantry/machine/kernel.ts';
import { lockMachine } from '../pantry/machine/packages.ts';
import { type Machine, readMachine } from '../pantry/machine/record.ts';
import { cacheFolder } from './engine-home.ts';
import type { Output } from './output.ts';
import { progressLine } from './progress-line.ts';

const HELP = `Usage:  semdistro machine COMMAND

The machine that runs processes: a Linux kernel in an emulator, booted once and saved.

Commands:
  build    Boots the machine and saves it; what is there already is kept
  status   Says which machine there is
  lock     Pins the packages of kernel and firmware that the mirror has now

Options of build:
      --kernel    debian: Debian 12's own kernel, fetched in seconds (the default of a new machine)
                  source: built here from Debian's source, in about 4 minutes; smaller, quicker to
                  start, and asleep while nothing happens. Needs gcc, make, flex, bison and bc
  -q, --quiet     No progress

Options of status:
      --json      As JSON, with the source packages of all that is in it

Examples:
  semdistro machine build
  semdistro machine build --kernel=source
  semdistro machine status
`;

const COMMANDS = ['build', 'status', 'lock'] as const;

interface Request {
  readonly command: (typeof COMMANDS)[number];
  readonly kernel: KernelKind | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** `semdistro machine COMMAND`. Resolves to the exit code. */
export async function machineCommand(args: readonly string[], output: Output): Promise<number> {
  const [word] = args;
  if (word === undefined || args.includes('--help') || args.includes('-h')) {
    output.stdout.write(HELP);
    return 0;
  }
  let request: Request;
  try {
    request = parse(args);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error);
    output.stderr.write(`semdistro machine: ${why ?? ''}\nSee \`semdistro machine --help\`.\n`);
    return 2;
  }
  const line = progressLine(output.stderr, request.quiet);
  try {
    return await run(request, output, line);
  } catch (error) {
    line.clear();
    if (!(error instanceof EngineError)) throw error;
    output.stderr.write(`semdistro machine ${request.command}: ${error.message}\n`);
    if (error.hint !== undefined) output.stderr.write(`${error.hint}\n`);
    return error.exitCode;
  }
}

function parse([word = '', ...rest]: readonly string[]): Request {
  const command = COMMANDS.find((name) => name === word);
  if (command === undefined) {
    throw new Error(
      `'${word}' is not a command${didYouMean(word, COMMANDS, { exactCase: false })}`,
    );
  }
  const { values } = parseArgs({
    args: rest,
    options: {
      ...(command === 'build' && { kernel: { type: 'string' as const } }),
      ...(command === 'status' && { json: { type: 'boolean' as const } }),
      quiet: { type: 'boolean', short: 'q' },
    },
  });
  const kernel = KERNELS.find((name) => name === values.kernel);
  if (values.kernel !== undefined && kernel === undefined) {
    throw new Error(`unknown kernel ${String(values.kernel)}: one of ${KERNELS.join(', ')}`);
  }
  return { command, kernel, quiet: values.quiet === true, json: values.json === true };
}

async function run(
  { command, kernel, json }: Request,
  output: Output,
  line: ReturnType<typeof progressLine>,
): Promise<number> {
  const cacheDir = cacheFolder(process.env);
  switch (command) {
    case 'build': {
      const report = await buildMachine({ cacheDir, kernel, onProgress: line.show });
      line.clear();
      output.stdout.write(summary(report));
      return 0;
    }
    case 'status': {
      const machine = await readMachine(cacheDir);
      if (!machine) {
        output.stderr.write('There is no machine yet. Make it: semdistro machine build\n');
        return 1;
      }
      output.stdout.write(json ? `${JSON.stringify(machine, null, 2)}\n` : description(machine));
      return 0;
    }
    case 'lock': {
      const lines = await lockMachine(cacheDir, {
        onStep: (step) => {
          line.show({ step, done: 0, total: 0 });
        },
      });
      line.clear();
      output.stdout.write(`${lines.join('\n')}\n`);
      return 0;
    }
  }
}

function summary({ machine, cached, stages, notes }: MachineReport): string {
  const took = stages
    .filter(({ milliseconds }) => milliseconds >= 500)
    .map(({ step, milliseconds }) => `${step}: ${(milliseconds / 1000).toFixed(1)} s`);
  const { kernel, size } = machine;
  const what = `Linux ${kernel.release} (${kernelName(kernel.kind)} ${kernel.version}), a snapshot of ${humanSize(size)}`;
  return `${[...notes, ...(cached ? [] : took), what].join('\n')}\n`;
}

function description({ kernel, memory, size, snapshot, v86, guest }: Machine): string {
  const rows = [
    ['Kernel', `Linux ${kernel.release}, ${kernelName(kernel.kind)} ${kernel.version}`],
    ['Memory', `${memory / 1024 / 1024} MB`],
    ['Snapshot', `${basename(snapshot)}, ${humanSize(size)}`],
    ['Emulator', `v86 ${v86}`],
    ['Programs', guest],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`).join('');
}

function kernelName(kind: KernelKind): string {
  return kind === 'debian' ? "Debian's package" : "built from Debian's source";
}
