import { describe, expect, it } from 'vitest';
import { complete } from './complete.ts';

const known = {
  lang: 'pt-BR',
  images: ['golang:1.24', 'gcr.io/distroless/static-debian13'],
  paths: ['main.go', 'go.mod'],
} as const;

/** Suggestions where the bar stands. */
function at(marked: string) {
  const place = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = complete(text, place, known);
  return {
    labels: found?.options.map(({ label }) => label) ?? [],
    typed: found && text.slice(found.from, place),
  };
}

const BUILD = 'ARG VERSION=1\nFROM golang:1.24 AS build\nENV CGO_ENABLED=0\n';

describe('completion in a Dockerfile', () => {
  it('offers instructions where one may begin, with what they do', () => {
    expect(at('FR|')).toMatchObject({ typed: 'FR' });
    expect(at('|').labels).toContain('ENTRYPOINT');
    expect(complete('', 0, known)?.options[0]).toEqual({
      ...{ label: 'FROM', kind: 'keyword', detail: 'a imagem de onde tudo começa' },
    });
    expect(at('ONBUILD R|').labels).toContain('RUN');
  });

  it('offers images, stages above and scratch behind FROM, then AS', () => {
    expect(at(`${BUILD}FROM |`).labels).toEqual(['build', ...known.images, 'scratch']);
    expect(at(`${BUILD}FROM --platform=linux/386 g|`).labels).toContain('golang:1.24');
    expect(at('FROM scratch |').labels).toEqual(['AS']);
    expect(at('FROM scratch AS |').labels).toEqual([]);
  });

  it('offers flags of the instruction', () => {
    expect(at(`${BUILD}COPY --|`)).toMatchObject({ typed: '--' });
    expect(at(`${BUILD}COPY --|`).labels).toContain('--from=');
    expect(at(`${BUILD}RUN --m|`).labels).toEqual(['--mount=', '--network=']);
    expect(at(`${BUILD}WORKDIR --|`).labels).toEqual([]);
  });

  it('offers stages behind --from=, but not those below', () => {
    const below = '\nFROM scratch AS later\n';
    expect(at(`${BUILD}COPY --from=b|${below}`)).toEqual({
      ...{ labels: ['build', ...known.images], typed: 'b' },
    });
  });

  it('offers kinds of mounts, users, files', () => {
    expect(at(`${BUILD}RUN --mount=|`).labels).toContain('type=cache,');
    expect(at(`${BUILD}USER |`).labels).toContain('nonroot');
    expect(at(`${BUILD}COPY --chown=|`).labels).toContain('65532:65532');
    expect(at(`${BUILD}COPY m|`).labels).toEqual(known.paths);
  });

  it('offers variables that were named above', () => {
    expect(at(`${BUILD}RUN echo $|`)).toEqual({ labels: ['VERSION', 'CGO_ENABLED'], typed: '' });
    expect(at(`${BUILD}RUN echo \${V|`)).toMatchObject({ typed: 'V' });
  });

  it('knows what a continued line belongs to', () => {
    expect(at(`${BUILD}COPY \\\n# why\n  --|`).labels).toContain('--from=');
    expect(at(`${BUILD}RUN a \\\n  |`).labels).toEqual([]);
  });

  it('is silent in comments', () => {
    expect(at('# FR|').labels).toEqual([]);
  });
});
