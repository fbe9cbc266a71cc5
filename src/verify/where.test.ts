import { describe, expect, it } from 'vitest';
import { file } from '../testing/entries.ts';
import { portImage } from '../testing/port-image.ts';
import { lineOfInstruction, lineOfLayer, type Origin } from './where.ts';

const layer = (by: string) => ({ by, entries: [file(by)] });

/** A line of the text per layer, `-` where none is told. */
function lines(origin: Origin): readonly string[] {
  return origin.image.config.rootfs.diff_ids.map((id) => String(lineOfLayer(origin, id) ?? '-'));
}

const TEXT = `# comment
FROM golang AS build
WORKDIR /src
COPY go.mod ./
RUN go build \\
  -o /app .

FROM debian
ENV A=b
COPY --from=build /app /app
RUN <<END
echo
END
USER 65532
CMD ["/app"]
`;

describe('the line that made a layer', () => {
  it.each([
    [
      'BuildKit',
      [
        ...[layer('base'), { by: 'CMD ["bash"]' }, { by: 'ENV A=b' }],
        ...[layer('COPY /app /app # buildkit'), layer('RUN /bin/sh -c echo\n # buildkit')],
        ...[{ by: 'USER 65532' }, { by: 'CMD ["/app"]' }],
      ],
      ['-', '10', '11'],
    ],
    [
      'the old builder, with a label of an adapter',
      [
        ...[layer('base'), { by: '/bin/sh -c #(nop)  ENV A=b' }],
        ...[layer('/bin/sh -c #(nop) COPY file:1 in /app '), layer('/bin/sh -c echo')],
        ...[{ by: '/bin/sh -c #(nop)  USER 65532' }, { by: '/bin/sh -c #(nop)  CMD ["/app"]' }],
        { by: '/bin/sh -c #(nop)  LABEL a=b' },
      ],
      ['-', '10', '11'],
    ],
    [
      'something else, of which nothing is guessed',
      [layer('base'), layer('apko'), { by: 'CMD ["/app"]' }],
      ['-', '-'],
    ],
  ])('is found in the history of %s', async (_, rows, found) => {
    expect(lines({ image: await portImage({ rows }), file: 'Dockerfile', text: TEXT })).toEqual(
      found,
    );
  });

  it('is found in another stage, and in those that a stage goes on with', async () => {
    const text = 'FROM x AS One\nCOPY a /\nFROM one AS two\nCOPY b /\nFROM y\nCOPY c /\n';
    const image = await portImage({ rows: [layer('base'), layer('COPY a /'), layer('COPY b /')] });
    expect(lines({ image, file: 'Dockerfile', text, target: 'TWO' })).toEqual(['-', '2', '4']);
  });

  it('is told of no row for an ARG that left none', async () => {
    const text = 'FROM x\nARG A\nCOPY a /\nARG B\nRUN b\n';
    const image = await portImage({ rows: [layer('COPY a /'), layer('|1 A=b /bin/sh -c b')] });
    expect(lines({ image, file: 'Dockerfile', text })).toEqual(['3', '5']);
  });
});

describe('the line of an instruction', () => {
  it.each([
    ['USER', TEXT, 14],
    ['the last CMD', 'FROM x\nCMD a\nCMD ["b"]\n', 3],
    ['an inherited USER', 'FROM x AS a\nUSER 1\nFROM a\nCMD b\n', 2],
    ['FROM, where there is none', 'FROM x AS a\nFROM y\nCMD b\n', 2],
  ])('is that of %s', async (name, text, line) => {
    const image = await portImage({});
    const keyword = /CMD/.test(name) ? ['ENTRYPOINT', 'CMD'] : 'USER';
    expect(lineOfInstruction({ image, file: 'Dockerfile', text }, keyword)).toBe(line);
  });
});
