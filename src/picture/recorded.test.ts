import { readFileSync } from 'node:fs';
import { HtmlValidate } from 'html-validate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LANGUAGES } from '../i18n/languages.ts';
import { type Colours, COLOUR_NAMES } from './colours.ts';
import { diffListings } from './diff.ts';
import { historyDiffHtml } from './diff-html.ts';
import { historyDiffSvg } from './diff-svg.ts';
import { listingFromRecord, type RecordedListing } from './listing.ts';
import { sentenceOf, summaryOf } from './sentences.ts';
import { historyTableHtml } from './table-html.ts';

/** The listings of lesson 2, as they were recorded. */
function listing(id: string, lang: 'pt-BR' | 'en') {
  const file = new URL(`../../content/histories/${id}.yaml`, import.meta.url);
  return listingFromRecord(parse(readFileSync(file, 'utf8')) as RecordedListing, lang);
}

const diffIn = (lang: 'pt-BR' | 'en') =>
  diffListings(listing('giropops-2.0', lang), listing('giropops-3.0', lang));

const spoken = (text: string): string => text.replaceAll('\u202f', ' ');

/** A row's change without its instruction, as it is seen. */
function short(lang: 'pt-BR' | 'en'): readonly string[] {
  const model = diffIn(lang);
  return model.rows.map((_, index) => spoken(sentenceOf(model, index, lang)));
}

describe('giropops-senha 2.0 beside 3.0', () => {
  it('the other way round is told in times, not in percents', () => {
    const grown = diffListings(listing('giropops-3.0', 'pt-BR'), listing('giropops-2.0', 'pt-BR'));
    expect(spoken(summaryOf(grown, 'pt-BR'))).toBe(
      'De 8 linhas para 18; de 12,9 MB para 163 MB: 150 MB a mais (13 vezes o tamanho).',
    );
    expect(spoken(summaryOf(grown, 'en'))).toContain('150 MB more (13 times the size).');
  });

  it('in Portuguese', () => {
    expect(spoken(summaryOf(diffIn('pt-BR'), 'pt-BR'))).toBe(
      'De 18 linhas para 8; de 163 MB para 12,9 MB: 150 MB a menos (92 %).',
    );
    expect(short('pt-BR')).toEqual([
      'CMD vira ENTRYPOINT: CMD ["flask" "run" "--host=0.0.0.0"] vira ENTRYPOINT ["flask" "run" "--host=0.0.0.0"], sem camada',
      'sai: EXPOSE [5000/tcp], sem camada',
      'desce na pilha: RUN pip install --no-cache-dir -r…, de 21,6 MB para 9,38 MB (−12,2 MB)',
      'igual: COPY static static/, 131 kB',
      'igual: COPY templates templates/, 24,6 kB',
      'igual: COPY app.py ., 12,3 kB',
      'veio de cima: RUN pip install --user --no-cache…, de 21,6 MB para 9,38 MB (−12,2 MB)',
      'igual: COPY requirements.txt ., 12,3 kB',
      'igual: WORKDIR /app, 8,19 kB',
      'sai: CMD ["python3"], sem camada',
      'sai: RUN set -eux; for src in idle3 p…, 16,4 kB',
      'sai: RUN set -eux; savedAptMark="$(a…, 48,4 MB',
      'sai: ENV PYTHON_SHA256=8d3ed8ec5c88c1c95f5e558612…, sem camada',
      'sai: ENV PYTHON_VERSION=3.11.14, sem camada',
      'sai: ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8…, sem camada',
      'sai: RUN set -eux; apt-get update; a…, 4,94 MB',
      'sai: ENV LANG=C.UTF-8, sem camada',
      'sai: ENV PATH=/usr/local/bin:/usr/local/sbin:/usr…, sem camada',
      "outra base: # debian.sh --arch 'amd64' out/ 'trixie' '@1… dá lugar a apko, de 87,4 MB para 3,33 MB (−84,1 MB)",
    ]);
  });

  it('in English', () => {
    expect(spoken(summaryOf(diffIn('en'), 'en'))).toBe(
      'From 18 rows to 8; from 163 MB to 12.9 MB: 150 MB less (92 %).',
    );
    const lines = short('en');
    expect(lines[1]).toBe('goes: EXPOSE [5000/tcp], no layer');
    expect(lines[2]).toMatch(/^goes down the stack: RUN pip .* from 21\.6 MB to 9\.38 MB/);
    expect(lines[6]).toMatch(/^came from above: /);
    expect(lines.at(-1)).toMatch(/^another base: # debian.* makes room for apko, from 87\.4 MB/);
  });
});

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'void-style': 'off',
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'no-inline-style': 'error',
    'tel-non-breaking': 'off',
  },
});

describe.each(LANGUAGES)('the pictures of them in %s', (lang) => {
  const figures = [
    historyDiffHtml(diffIn(lang), { lang }),
    historyTableHtml(listing('giropops-2.0', lang), { lang }),
  ];

  it('are valid HTML without style attributes', async () => {
    const { results } = await validator.validateString(figures.join('\n'));
    expect(results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([]);
  });

  it('are tables with a caption and headings', () => {
    for (const figure of figures) {
      expect(figure).toContain('<caption');
      expect(figure).toContain('scope="col"');
    }
  });

  it('have a row for every row', () => {
    const rows = figures.map((figure) => figure.split('<tbody>')[1]?.split('<tr').length);
    expect(rows).toEqual([19 + 1 + 1, 18 + 1]);
  });

  it('are drawn as a picture that stands alone', async () => {
    const colours = Object.fromEntries(COLOUR_NAMES.map((name) => [name, '#123456'])) as Colours;
    const svg = historyDiffSvg(diffIn(lang), { lang, colours });
    expect(svg).not.toMatch(/var\(--|class=|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({ format: 'svg', width: 1200 });
  });
});

it('Docker’s own figures keep their point in every language', () => {
  expect(historyTableHtml(listing('giropops-2.0', 'pt-BR'), { lang: 'pt-BR' })).toContain('>21.6<');
});
