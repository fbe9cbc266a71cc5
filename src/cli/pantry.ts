import { parseArgs } from 'node:util';
import { didYouMean } from '../engine/dockerfile/suggest.ts';
import type { EngineChoice } from '../adapters/docker/endpoint.ts';
import { EngineError } from '../engine/errors.ts';
import { humanSize } from '../engine/format/size.ts';
import { buildPantry, type BuildReport } from '../pantry/build.ts';
import { exportPantry } from '../pantry/export.ts';
import { listPantry, listRecipes } from '../pantry/list.ts';
import { loadRecipes } from '../pantry/load-recipes.ts';
import { lockPantry } from '../pantry/lock-pantry.ts';
import { ARCHITECTURES, type OciArchitecture } from '../pantry/recipe.ts';
import { selectImages } from '../pantry/select.ts';
import { verifyPantry } from '../pantry/verify.ts';
import { EngineTrouble } from '../verify/engine.ts';
import { cacheFolder, pantryFolder } from './engine-home.ts';
import { nodePlatform } from './node-platform.ts';
import type { Output } from './output.ts';
import { keepSteps } from './pantry-steps.ts';
import { listJson, listTable } from './pantry-list.ts';
import { pantryHelp, type PantryCommand, pantryCommands } from './pantry-help.ts';
import { loadStandIns, unloadStandIns } from './pantry-load.ts';
import { progressLine } from './progress-line.ts';

/** `semdistro pantry COMMAND`: base images. Resolves to the exit code. */
export async function pantry(args: readonly string[], output: Output): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined || word === '--help' || word === '-h') {
    output.stdout.write(pantryHelp());
    return 0;
  }
  const command = pantryCommands.find(({ name }) => name === word);
  if (!command) {
    const names = pantryCommands.map(({ name }) => name);
    const meant = didYouMean(word, names, { exactCase: false });
    output.stderr.write(
      `semdistro pantry: '${word}' is not a command${meant}.\nSee \`semdistro pantry --help\`.\n`,
    );
    return 2;
  }
  let request: Request | undefined;
  try {
    request = parse(command, rest);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error);
    output.stderr.write(
      `semdistro pantry ${word}: ${why}\nSee \`semdistro pantry ${word} --help\`.\n`,
    );
    return 2;
  }
  if (!request) {
    output.stdout.write(pantryHelp(command));
    return 0;
  }
  return run(command.name, request, output);
}

interface Request {
  readonly images: readonly string[];
  readonly architectures: readonly OciArchitecture[];
  readonly folder: string | undefined;
  readonly json: boolean;
  readonly all: boolean;
  readonly trunc: boolean;
  readonly quiet: boolean;
  readonly asUpstream: boolean;
  readonly choice: EngineChoice;
}

/** Undefined when help is asked for. */
function parse(command: PantryCommand, args: readonly string[]): Request | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: command.takesImages,
    options: {
      help: { type: 'boolean', short: 'h' },
      platform: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      json: { type: 'boolean' },
      'no-trunc': { type: 'boolean' },
      quiet: { type: 'boolean', short: 'q' },
      output: { type: 'string', short: 'o' },
      'as-upstream': { type: 'boolean' },
      engine: { type: 'string' },
    },
  });
  if (values.help === true) return undefined;
  const unknown = Object.keys(values).find((name) => !command.options.includes(name));
  if (unknown !== undefined) throw new Error(`unknown option --${unknown}`);
  if (command.name === 'export' && (values.output ?? '') === '') {
    throw new Error('-o DIR is required: where the archives go');
  }
  if (command.name === 'steps' && positionals.length === 0) {
    throw new Error('at least one FOLDER is required: what is to be built');
  }
  const choice = (['auto', 'docker', 'podman'] as const).find(
    (name) => name === (values.engine ?? 'auto'),
  );
  if (choice === undefined) throw new Error('--engine is auto, docker or podman');
  const platforms = (values.platform ?? []).flatMap((text) => text.split(','));
  return {
    images: positionals,
    architectures: platforms.length > 0 ? platforms.map(architectureOf) : defaultPlatforms(command),
    folder: values.output,
    json: values.json === true,
    all: values.all === true,
    trunc: values['no-trunc'] !== true,
    quiet: values.quiet === true,
    asUpstream: values['as-upstream'] === true,
    choice,
  };
}

/** The page's machine is 32-bit; archives are for people's own Docker; a lock is for all. */
function defaultPlatforms({ name }: PantryCommand): readonly OciArchitecture[] {
  if (name === 'export') return ['amd64'];
  if (name === 'load' || name === 'unload') return []; // the engine's own
  return name === 'lock' ? ['amd64', '386', 'arm64'] : ['386'];
}

function architectureOf(platform: string): OciArchitecture {
  const name = platform.replace(/^linux\//, '').replace(/^i386$/, '386');
  const found = ARCHITECTURES.find((architecture) => architecture === name);
  if (found) return found;
  throw new Error(`unknown platform ${platform}: one of linux/386, linux/amd64, linux/arm64`);
}

async function run(name: PantryCommand['name'], request: Request, output: Output): Promise<number> {
  const cacheDir = cacheFolder(process.env);
  const layout = pantryFolder(process.env);
  const line = progressLine(output.stderr, request.quiet);
  try {
    switch (name) {
      case 'build': {
        const started = performance.now();
        const report = await buildPantry({
          ...{ cacheDir, platform: nodePlatform(), images: request.images },
          architectures: request.architectures,
          onProgress: line.show,
        });
        line.clear();
        output.stdout.write(buildSummary(report, performance.now() - started));
        return 0;
      }
      case 'list': {
        const images = request.all
          ? await listRecipes(layout, await loadRecipes(), ['386', 'amd64'])
          : await listPantry(layout);
        output.stdout.write(
          request.json ? listJson(images) : listTable(images, { trunc: request.trunc }),
        );
        return 0;
      }
      case 'verify': {
        const report = await verifyPantry(layout, (done, total) => {
          line.show({ step: 'blobs', done, total });
        });
        line.clear();
        for (const { digest, why, images } of report.faults) {
          output.stderr.write(`${digest}: ${why}; needed by ${images.join(', ')}\n`);
        }
        const unused = report.unused.length > 0 ? `, ${report.unused.length} blobs unused` : '';
        output.stdout.write(
          `${report.images} references, ${report.blobs} blobs, ${humanSize(report.bytes)}: ${report.faults.length === 0 ? 'all as they should be' : `${report.faults.length} damaged`}${unused}\n`,
        );
        if (report.faults.length > 0) {
          output.stderr.write('Delete the damaged files and run `semdistro pantry build` again.\n');
        }
        return report.faults.length > 0 ? 1 : 0;
      }
      case 'load': {
        const [architecture] = request.architectures;
        const places = { cacheDir, layout };
        return await loadStandIns({ ...request, architecture }, places, { output, line });
      }
      case 'unload':
        return await unloadStandIns(request, { output });
      case 'export': {
        const recipes = await loadRecipes();
        const files = await exportPantry({
          ...{ layout, recipes, ids: selectImages(recipes, request.images) },
          architectures: request.architectures,
          output: request.folder ?? '.',
          onFile: (done, total) => {
            line.show({ step: 'archives', done, total });
          },
        });
        line.clear();
        for (const { file, size, references } of files) {
          output.stdout.write(`${file}  ${humanSize(size)}  ${references.length} references\n`);
        }
        return 0;
      }
      case 'steps': {
        const count = await keepSteps(request.images, { cacheDir, layout }, output);
        output.stdout.write(`${count} steps kept\n`);
        return 0;
      }
      case 'lock': {
        const lines = await lockPantry({
          ...{ cacheDir, architectures: request.architectures, onProgress: line.show },
        });
        line.clear();
        output.stdout.write(`${lines.join('\n')}\n`);
        return 0;
      }
    }
  } catch (error) {
    line.clear();
    if (error instanceof EngineTrouble) {
      output.stderr.write(`semdistro pantry ${name}: ${error.words.en}\n`);
      if (error.advice !== undefined) output.stderr.write(`${error.advice.en}\n`);
      return 2;
    }
    if (!(error instanceof EngineError)) throw error;
    output.stderr.write(`semdistro pantry ${name}: ${error.message}\n`);
    if (error.hint !== undefined) output.stderr.write(`${error.hint}\n`);
    return error.exitCode;
  }
}

function buildSummary({ images, notes }: BuildReport, milliseconds: number): string {
  const made = images.filter(({ cached }) => !cached);
  const lines = [
    ...notes,
    ...made.map(({ image, built }) => {
      const name = `${image.name} linux/${image.architecture}`;
      return `${name}  ${built.blobs.length - 2} layers  ${humanSize(built.unpacked)}`;
    }),
    `${images.length} images, ${made.length} of them new, in ${(milliseconds / 1000).toFixed(1)}s`,
  ];
  return `${lines.join('\n')}\n`;
}
