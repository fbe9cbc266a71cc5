import { describe, expect, it } from 'vitest';
import { instruction, listingFromImage, listingFromRecord, makesLayer } from './listing.ts';

describe('an instruction, without what its builder wraps it in', () => {
  it.each([
    ['RUN /bin/sh -c pip install -r x # buildkit', 'RUN pip install -r x'],
    ['RUN |2 A=1 B=2 /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY static static/ # buildkit', 'COPY static static/'],
    ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['RUN /bin/sh -c set -eux;   apt-get\tupdate', 'RUN set -eux; apt-get update'],
    ['bazel build @@debian13//libc6:data_statusd', 'libc6'],
    ['bazel build //common:passwd', 'passwd'],
    ['bazel build //common', 'common'],
    ["# debian.sh --arch 'amd64' out/", "# debian.sh --arch 'amd64' out/"],
    ['apko', 'apko'],
    ['', ''],
  ])('%s', (createdBy, expected) => {
    expect(instruction(createdBy)).toBe(expected);
  });
});

describe('a row whose size is 0 B', () => {
  it.each([
    ['ENV A=1', false],
    ['CMD ["sh"]', false],
    ['/bin/sh -c #(nop)  EXPOSE 80', false],
    ['RUN /bin/sh -c rm /x', true],
    ['COPY a b', true],
    ['WORKDIR /app', undefined],
    ['ENVIRONMENT', undefined],
  ])('%s: made a layer? %s', (createdBy, layer) => {
    expect(makesLayer(createdBy)).toBe(layer);
  });
});

const record = {
  image: 'x:1',
  title: { 'pt-BR': 'um', en: 'one' },
  source: 'notes',
  date: new Date('2026-11-21'),
  rows: [{ created: 'now', createdBy: 'WORKDIR /app', size: '8.19kB', comment: 'b' }],
};

describe('a recorded listing', () => {
  it('has bytes, its title in one language, and its day', () => {
    expect(listingFromRecord(record, 'en')).toEqual({
      name: 'x:1',
      title: 'one',
      source: 'notes',
      date: '2026-11-21',
      rows: [{ created: 'now', createdBy: 'WORKDIR /app', size: 8190, layer: true, comment: 'b' }],
    });
  });

  it('with a size that Docker would not print is refused', () => {
    const rows = [{ created: 'now', createdBy: 'RUN x', size: '8,19kB' }];
    expect(() => listingFromRecord({ ...record, rows }, 'en')).toThrow('"8,19kB" of x:1');
  });
});

it('a live image’s listing is newest first, and knows its layers', () => {
  const { rows } = listingFromImage({
    id: 'sha256:1',
    names: [],
    size: 5,
    platform: 'linux/386',
    layers: [],
    history: [
      { createdBy: 'COPY a', size: 5, layer: 0, created: '2026-11-21T00:00:00Z' },
      { createdBy: 'ENV A=1', size: 0, comment: '' },
    ],
    config: {},
    packages: [],
  });
  expect(rows).toEqual([
    { createdBy: 'ENV A=1', size: 0, layer: false },
    { createdBy: 'COPY a', size: 5, layer: true, created: '2026-11-21T00:00:00Z', index: 0 },
  ]);
});
