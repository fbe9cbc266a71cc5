import type { Stage } from '../../engine/dockerfile/instructions.ts';
import { parseDockerfile } from '../../engine/dockerfile/parse.ts';
import type { BuildOptions, CheckContext, Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { subfolder, textOf } from '../folder.ts';
import { fail, pass } from '../verdicts.ts';
import { dockerfileOf, lineOfLayer, type Origin } from '../where.ts';
import { words } from '../words.ts';

export interface RebuildOptions {
  /** A source file that changes, by its path in the build's context. */
  readonly touch: string;
  /** What it becomes; the same with a newline more when missing. */
  readonly becomes?: (text: string) => string;
  /** How the path of a file ends that installing the dependencies makes: `node_modules/caju/package.json`. */
  readonly makes: string;
  readonly build?: BuildOptions;
}

/**
 * After a source file changed, the instruction that installs the dependencies is not run again: the
 * layer in which `makes` first appears, in whatever stage, stays the same. The Dockerfile is built
 * up to there and no further, so a compile step behind it costs nothing; nor does the installation itself
 * when a layer below it changed.
 *
 *     run: (context) =>
 *       rebuild(context, { touch: 'app.js', makes: 'node_modules/caju/package.json' }),
 */
export async function rebuild(
  context: Pick<CheckContext, 'built' | 'folder'>,
  { touch, becomes = (text) => `${text}\n`, makes, build = {} }: RebuildOptions,
): Promise<Verdict> {
  await context.built(build);
  const inContext = subfolder(context.folder, build.context ?? '');
  const name = build.dockerfile ?? 'Dockerfile';
  const text = build.plant?.[name] ?? textOf(inContext, name) ?? '';
  const touched = build.plant?.[touch] ?? textOf(inContext, touch);
  if (touched === undefined) throw new Error(`${touch} is not in the context of the build`);
  const partly = (part: string, plant: Readonly<Record<string, string>> = {}): Promise<Image> => {
    const { args, context: folder } = build;
    return context.built({
      ...(args && { args }),
      ...(folder !== undefined && { context: folder }),
      dockerfile: name,
      plant: { ...build.plant, [name]: part, ...plant },
    });
  };
  const installed = await installs(partly, { text, file: dockerfileOf(build), makes });
  if (!installed) {
    return fail({
      expected: words(
        `uma instrução do Dockerfile instala \`${makes}\``,
        `an instruction of the Dockerfile installs \`${makes}\``,
      ),
      found: words(
        'nenhuma camada de nenhum stage tem esse arquivo',
        'no layer of any stage has that file',
      ),
    });
  }
  const { part, above, layer, origin } = installed;
  const before = origin.image.config.rootfs.diff_ids;
  const plant = { [touch]: becomes(touched) };
  const built = async (text: string): Promise<readonly string[]> =>
    (await partly(text, plant)).config.rootfs.diff_ids;
  // What runs on a layer that changed runs again: to know that, nobody has to wait for it.
  const below = above === undefined ? [] : await built(above);
  const after = below.every((id, index) => id === before[index]) ? await built(part) : below;
  const install = told(origin, layer);
  if (before[layer] === after[layer]) {
    return pass(
      words(`${install.pt} não foi executada de novo`, `${install.en} was not run again`),
    );
  }
  const first = told(
    origin,
    before.findIndex((id, index) => id !== after[index]),
  );
  const cause =
    first.line === install.line
      ? words('', '')
      : words(
          `; a primeira camada que mudou é a de ${first.pt}`,
          `; the first layer that changed is that of ${first.en}`,
        );
  return fail({
    expected: words(
      `mudar \`${touch}\` não reinstala as dependências`,
      `changing \`${touch}\` does not install the dependencies again`,
    ),
    found: words(
      `${install.pt} foi executada de novo${cause['pt-BR']}`,
      `${install.en} was run again${cause.en}`,
    ),
    where: {
      source: { file: origin.file, ...(first.line !== undefined && { line: first.line }) },
    },
  });
}

interface Installed {
  /** The Dockerfile up to the instruction. */
  readonly part: string;
  /** The same without it, where it is a `RUN`, which may take minutes. */
  readonly above: string | undefined;
  readonly layer: number;
  readonly origin: Origin;
}

/** The first layer that has the file and is not a base's, stage by stage. */
async function installs(
  partly: (part: string) => Promise<Image>,
  { text, file, makes }: { readonly text: string; readonly file: string; readonly makes: string },
): Promise<Installed | undefined> {
  for (const stage of parseDockerfile(text).dockerfile?.stages ?? []) {
    const part = upTo(text, lastLine(stage));
    const origin: Origin = { image: await partly(part), file, text: part };
    const layers = await origin.image.layers();
    const layer = layers.findIndex(
      ({ diffId, entries }) =>
        lineOfLayer(origin, diffId) !== undefined &&
        entries.some(({ type, path }) => type !== 'whiteout' && `/${path}`.endsWith(`/${makes}`)),
    );
    const line = layers[layer] && lineOfLayer(origin, layers[layer].diffId);
    const instruction = stage.instructions.find(({ range }) => range.start.line + 1 === line);
    if (!instruction) continue;
    const { start, end } = instruction.range;
    const above = instruction.kind === 'run' ? upTo(text, start.line - 1) : undefined;
    return { part: upTo(text, end.line), above, layer, origin };
  }
  return undefined;
}

const lastLine = ({ from, instructions }: Stage): number =>
  (instructions.at(-1) ?? from).range.end.line;

/** The lines of a text until one, counted from 0. */
function upTo(text: string, line: number): string {
  return `${text
    .split('\n')
    .slice(0, line + 1)
    .join('\n')}\n`;
}

/** An instruction by the layer it made: the row of the history, shortened, and the line. */
function told(origin: Origin, layer: number): Told {
  const diffId = origin.image.config.rootfs.diff_ids[layer] ?? '';
  const line = lineOfLayer(origin, diffId);
  const written =
    line === undefined
      ? '?'
      : (origin.text.split('\n')[line - 1] ?? '').trim().replace(/\s*\\$/, ' …');
  const at =
    line === undefined ? { pt: '', en: '' } : { pt: ` (linha ${line})`, en: ` (line ${line})` };
  return { pt: `\`${written}\`${at.pt}`, en: `\`${written}\`${at.en}`, line };
}

interface Told {
  readonly pt: string;
  readonly en: string;
  readonly line: number | undefined;
}
