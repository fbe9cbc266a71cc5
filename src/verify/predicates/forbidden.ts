import type { Verdict } from '../check.ts';
import type { Image } from '../engine.ts';
import { fail, pass } from '../verdicts.ts';
import { verbatim, words, type Words } from '../words.ts';
import { startsWith } from './base.ts';
import { findEverywhere, type FoundFile } from './everywhere.ts';
import { layerAt, layerCount } from './layers.ts';

/** What may be nowhere in an image. Lists are alternatives: any match is one too many. */
export interface Forbidden {
  /**
   * Of paths without `/` in front, as in `.dockerignore`: `*` stops at a slash, two of them and a
   * slash in front mean any depth, and what is below a match matches.
   */
  readonly globs?: readonly string[];
  /** Text or bytes that may be in no file, whatever its name: a planted secret. */
  readonly contents?: string | Uint8Array;
  /** Globs of paths that are allowed all the same. */
  readonly except?: readonly string[];
  /** Layers of this image are not looked at: what the base brings is not the learner's. */
  readonly base?: Image;
}

/**
 * No file of any layer has such a name or content; a file that a later layer deletes is found and said
 * to be in its layer still. `contents` are looked for in the configuration too: ENV, labels, history (ARG).
 */
export async function absentEverywhere(image: Image, forbidden: Forbidden): Promise<Verdict> {
  const { base } = forbidden;
  const from = base && startsWith(image, base) ? layerCount(base) : 0;
  const found = await findEverywhere(image, { ...forbidden, fromLayer: from });
  // What is deleted is the better lesson, but what anybody sees comes first.
  const first = found.find(({ visible }) => visible) ?? found[0];
  if (first) {
    return fail({
      expected: wanted(forbidden),
      found: describe(first, found.length - 1),
      where: { path: first.path, layer: layerAt(image, first.layer) },
    });
  }
  const text = typeof forbidden.contents === 'string' ? forbidden.contents : undefined;
  const row = text === undefined ? undefined : configWith(image, text);
  if (row !== undefined) return fail({ expected: wanted(forbidden), found: row });
  const layers = layerCount(image) - from;
  return pass(words(`em 0 de ${layers} camadas`, `in 0 of ${layers} layers`));
}

/** The place in an image's configuration that holds a text. */
function configWith(image: Image, text: string): Words | undefined {
  const { config, history } = image.config;
  const env = config.Env?.find((pair) => pair.includes(text));
  if (env !== undefined) {
    const name = `\`ENV ${env.split('=', 1)[0] ?? ''}\``;
    return words(`o conteúdo está em ${name} da imagem`, `the content is in ${name} of the image`);
  }
  const row = history.find(({ created_by = '', comment = '' }) =>
    `${created_by}\0${comment}`.includes(text),
  );
  if (row !== undefined) {
    return words(
      `o conteúdo está no histórico, que \`docker history\` mostra: \`${row.created_by ?? ''}\``,
      `the content is in the history, which \`docker history\` shows: \`${row.created_by ?? ''}\``,
    );
  }
  return JSON.stringify(config).includes(text)
    ? words(
        'o conteúdo está na configuração da imagem',
        'the content is in the configuration of the image',
      )
    : undefined;
}

function wanted({ globs = [], contents }: Forbidden): Words {
  const names = globs.map((glob) => `\`${glob}\``).join(', ');
  if (contents === undefined) {
    return words(`nada de ${names} em nenhuma camada`, `nothing of ${names} in any layer`);
  }
  const secret = words('o conteúdo secreto em nenhuma camada', 'the secret content in no layer');
  if (names === '') return secret;
  return words(`${secret['pt-BR']}, e nada de ${names}`, `${secret.en}, and nothing of ${names}`);
}

/** Layers are counted from 1 in what people read, as reports count them. */
function describe({ path, layer, by, visible, hiddenBy }: FoundFile, more: number): Words {
  const what =
    by === 'content'
      ? words(`o conteúdo está em \`${path}\``, `the content is in \`${path}\``)
      : verbatim(`\`${path}\``);
  const where = visible
    ? words(` (camada ${layer + 1})`, ` (layer ${layer + 1})`)
    : words(
        `, que a camada ${(hiddenBy ?? layer) + 1} apaga ou troca, mas que continua na camada ${layer + 1}`,
        `, which layer ${(hiddenBy ?? layer) + 1} deletes or replaces, but which is still in layer ${layer + 1}`,
      );
  const rest = more > 0 ? words(`, e mais ${more}`, `, and ${more} more`) : verbatim('');
  return words(
    `${what['pt-BR']}${where['pt-BR']}${rest['pt-BR']}`,
    `${what.en}${where.en}${rest.en}`,
  );
}
